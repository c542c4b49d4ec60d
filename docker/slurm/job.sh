# Functions of the job scripts beside this file; sourced, not run.
# shellcheck shell=bash
# shellcheck disable=SC2034  # image and verb are for the scripts

say() { printf '%s %s\n' "$(date '+%F %T')" "$*"; }
die() { say "error: $*" >&2; exit 2; }

# Set the array `image`: how a command is started inside the image.
# DENDRITE_BIND names further folders of the cluster's disks, separated by commas.
use_image() {
    local file=${DENDRITE_IMAGE:-dendrite.sif}
    [[ -f $file ]] || die "there is no image $file; build it from docker/apptainer.def, or name it in DENDRITE_IMAGE"
    image=(apptainer run --bind "$PWD${DENDRITE_BIND:+,$DENDRITE_BIND}" --pwd "$PWD" "$file")
}

# Set the array `verb`: the first job of a run starts it, every further one goes on with it.
# A job that was requeued before the first checkpoint may replace what it left.
next_verb() {
    local config=$1 folder=$2 force=()
    if compgen -G "$folder/checkpoints/ck_*.h5" >/dev/null; then
        verb=(dendrite restart "$folder")
    else
        if ((${SLURM_RESTART_COUNT:-0} > 0)); then force=(--force); fi
        verb=(dendrite run "$config" -o "$folder" "${force[@]}")
    fi
}

# run_or_requeue CMD...: run CMD; pass SIGUSR1 on to it, which Slurm sends some time before the
# limit (#SBATCH --signal=B:USR1@...).  CMD then leaves a checkpoint and ends with exit code 4, and
# the job is put back into the queue.
run_or_requeue() {
    local child rc signalled
    "$@" &
    child=$!
    trap 'signalled=1; kill -USR1 "$child" 2>/dev/null' USR1
    while :; do
        signalled=0 rc=0
        wait "$child" || rc=$?
        # A signal ends `wait`, not the command: wait again, for its own exit code.
        ((signalled)) || break
        say "told to stop; waiting for the checkpoint"
    done
    if ((rc == 4)); then
        say "stopped before its end; back into the queue"
        scontrol requeue "$SLURM_JOB_ID" # in an array: the id of this task alone
    fi
    exit "$rc"
}

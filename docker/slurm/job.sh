# Functions of the job scripts beside this file; sourced, not run.
# shellcheck shell=bash
# shellcheck disable=SC2034  # image and verb are for the scripts

# A job may be told to stop as soon as it has started, by one signal.
child='' signalled=0
told() {
    signalled=1
    [[ -z $child ]] || keep_telling "$child" &
}
trap told USR1

# Starts a command that SIGUSR1 does not end before it listens to it: what is ignored stays so over
# exec, and whoever wants to hear of it says so.
# shellcheck disable=SC2016
deaf=(bash -c 'trap "" USR1; exec "$@"' bash)

say() { printf '%s %s\n' "$(date '+%F %T')" "$*"; }
die() { say "error: $*" >&2; exit 2; }

# Set the array `image`: how a command is started inside the image.
# DENDRITE_BIND names further folders of the cluster's disks, separated by commas.
use_image() {
    local file=${DENDRITE_IMAGE:-dendrite.sif}
    [[ -e $file ]] || die "there is no image $file; build it from docker/apptainer.def, or name it in DENDRITE_IMAGE"
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
    local rc
    "${deaf[@]}" "$@" &
    child=$!
    ((!signalled)) || told # before there was a child
    while :; do
        signalled=0 rc=0
        wait "$child" || rc=$?
        # A signal ends `wait`, not the command: wait again, for its own exit code.
        ((signalled && rc > 128)) || break
        say "told to stop; waiting for the checkpoint"
    done
    if ((rc == 4)); then
        ((SECONDS >= 120)) ||
            say "warning: only $SECONDS s were computed; let --time be well above what --signal takes off its end"
        say "stopped before its end; back into the queue"
        scontrol requeue "$(this_job)"
    fi
    exit "$rc"
}

# What Slurm says once, until the program has heard it: it may still be starting.
keep_telling() {
    while kill -USR1 "$1" 2>/dev/null; do sleep 3; done
}

# The id of this job; of this task alone in an array, whose last task bears the id of the whole.
this_job() {
    if [[ ${SLURM_ARRAY_JOB_ID:-} ]]; then
        echo "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
    else
        echo "$SLURM_JOB_ID"
    fi
}

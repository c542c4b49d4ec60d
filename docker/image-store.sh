# Functions of docker/build-image and docker/run-image; sourced, not run.
# Needs from them: say, die, $here.
# shellcheck shell=bash source-path=SCRIPTDIR
# shellcheck disable=SC2034,SC2154  # used there, or from there

# shellcheck source=make-root.sh
. "$here/make-root.sh"

BASE=localhost/debian:trixie-slim

# buildah with an image store of its own; overlay shares what layers have in common.
buildah_here() { buildah --root "$store" --runroot "$store.run" --storage-driver overlay "$@"; }

# enter_store SCRIPT ARG...: set $store and $image, and run the script again in a mount namespace
# and a pid namespace of its own.  Nothing that buildah mounts, /dev above all, is ever visible to
# the host, and it is gone with the script, however it ends.
enter_store() {
    local cache=${DENDRITE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/dendrite}
    ((EUID == 0)) || die "needs root rights; as an ordinary user use docker, podman or apptainer"
    need_tools buildah:buildah mmdebstrap:mmdebstrap bwrap:bubblewrap python3:python3
    mkdir -p "$cache"
    store=$(readlink -f "$cache")/images
    image=dendrite:$(packages | sha256sum | cut -c1-12)
    [[ -z ${DENDRITE_IN_STORE:-} ]] || return 0
    # The lock goes to the child: two scripts in one store would undo each other's containers.
    exec 9>>"$store.lock"
    flock -n 9 || { say "waiting for another one that uses $store"; flock 9; }
    exec setpriv --pdeathsig KILL unshare --mount --propagation private --pid --fork --kill-child \
        --mount-proc env DENDRITE_IN_STORE=1 "$@"
}

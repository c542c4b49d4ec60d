#!/bin/bash
# Entry of the image, by docker and by `apptainer run`: set the environment, find a place where this
# uid may write compiled forms and caches, start it with the forms that came with the image, and run
# the command.
set -euo pipefail

program=$(dirname "$(dirname "$(readlink -f "$0")")") # /opt/dendrite in the image
warm=$program/cache

# Apptainer brings the host's variables along: Python's describe the host's packages.
[[ -z ${APPTAINER_CONTAINER:-} ]] || unset PYTHONPATH PYTHONHOME PYTHONSTARTUP
export PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}$program PYTHONDONTWRITEBYTECODE=1
export LANG=C.UTF-8 LC_ALL=C.UTF-8 MPLBACKEND=${MPLBACKEND:-Agg}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} HDF5_USE_FILE_LOCKING=${HDF5_USE_FILE_LOCKING:-FALSE}
# As in docker/run: mpirun would bind two runs to the same cores and refuse more ranks than cores;
# uid 0 of a container without root rights is an ordinary user.
export PRTE_MCA_hwloc_default_binding_policy=${PRTE_MCA_hwloc_default_binding_policy:-none}
export PRTE_MCA_rmaps_default_mapping_policy=${PRTE_MCA_rmaps_default_mapping_policy:-:oversubscribe}
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

# docker gives a uid without a name the home /, and a home may be missing or read-only.
home=${HOME:-/}
[[ $home != / && -d $home && -w $home ]] || home=''

# Print the first folder that this uid can use.  Code compiled there is run, so a folder in a
# shared place must be our own.
writable_cache() {
    local folder
    for folder in "${XDG_CACHE_HOME:-}" "${home:+$home/.cache}" "${TMPDIR:-/tmp}/dendrite-$(id -u)" \
        "/dev/shm/dendrite-$(id -u)"; do
        if [[ $folder == /?*/?* && ! -L $folder ]] && (umask 077 && mkdir -p "$folder") 2>/dev/null &&
            [[ -O $folder && -w $folder ]]; then
            echo "$folder"
            return
        fi
    done
    return 1
}

# The ranks of a job all come here at once: the copy appears under its name by one rename.
copy_forms() {
    local aside
    [[ ! -e $1/fenics && -d $warm/fenics ]] || return 0
    aside=$(mktemp -d "$1/.fenics.XXXXXX")
    cp -R "$warm/fenics/." "$aside"
    mv -T "$aside" "$1/fenics" 2>/dev/null || rm -rf "$aside"
}

if cache=$(writable_cache); then
    export XDG_CACHE_HOME=$cache MPLCONFIGDIR=${MPLCONFIGDIR:-$cache/matplotlib}
    copy_forms "$cache" || echo "entrypoint: the forms of the image could not be copied to $cache" >&2
    export HOME=${home:-$cache}
else
    # Good for what the image has compiled, and no further.
    export XDG_CACHE_HOME=$warm MPLCONFIGDIR=$warm/matplotlib
    echo "entrypoint: no folder to write compiled forms to; mount a tmpfs on /tmp or set XDG_CACHE_HOME" >&2
fi
# A uid without a name has none in /etc/passwd either; these are asked first.
name=$(id -un 2>/dev/null) || name=dendrite
export USER=${USER:-$name}
export LOGNAME=${LOGNAME:-$USER}

exec "$@"

#!/bin/bash
# Entry of the image: find a place where this uid may write compiled forms and caches, start it
# with the forms that came with the image, and run the command.
set -euo pipefail

warm=/opt/dendrite/cache

# Print the first folder that this uid can use.  Code compiled there is run, so a folder in a
# shared place must be our own.
writable_cache() {
    local folder
    for folder in "${XDG_CACHE_HOME:-}" "${HOME:-}/.cache" "${TMPDIR:-/tmp}/dendrite-$(id -u)" \
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
    [[ -w ${HOME:-/} ]] || export HOME=$cache
else
    # Good for what the image has compiled, and no further.
    export XDG_CACHE_HOME=$warm MPLCONFIGDIR=$warm/matplotlib
    echo "entrypoint: no folder to write compiled forms to; mount a tmpfs on /tmp or set XDG_CACHE_HOME" >&2
fi
# A uid without a name has none in /etc/passwd either; these are asked first.
name=$(id -un 2>/dev/null) || name=dendrite
export USER=${USER:-$name} LOGNAME=${LOGNAME:-${USER:-$name}}

exec "$@"

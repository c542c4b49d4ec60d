#!/bin/bash
# What Dockerfile and apptainer.def do inside the new image, so that it is written once:
#
#     image-setup.sh packages   install the packages of apt-packages.txt
#     image-setup.sh program    the command `dendrite`, a user, compiled forms of the shipped configs
set -euo pipefail

home=/opt/dendrite
export DEBIAN_FRONTEND=noninteractive

packages() {
    # slim images leave out manuals and translations; so does docker/run.
    apt-get update -q
    sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$home/docker/apt-packages.txt" |
        xargs apt-get install -y -q --no-install-recommends
    rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log
}

program() {
    printf '#!/bin/sh\nexec python3 -m solver "$@"\n' >/usr/local/bin/dendrite
    chmod 755 /usr/local/bin/dendrite
    useradd --uid 1000 --create-home --shell /bin/bash dendrite
    install -d -o dendrite /data
    python3 -m compileall -q "$home/solver" "$home/meshes"
    compiled_forms
    # Readable for any uid, whatever the umask of who copied the files.
    chmod -R a+rX "$home"
}

# One step of every shipped config compiles its forms; entrypoint.sh copies them to where the user
# can write.  A config that is refused (some are, by design) costs the warmth of its forms, not the
# image.
compiled_forms() {
    local config rc scratch
    scratch=$(mktemp -d)
    mkdir "$home/cache"
    find "$home/configs" -name '*.yaml' | sort | while read -r config; do
        rc=0
        XDG_CACHE_HOME=$home/cache timeout 600 "$home/docker/entrypoint.sh" dendrite run "$config" \
            -o "$scratch/run" --force --max-wall "0.001 s" >"$scratch/log" 2>&1 || rc=$?
        case $rc in
        0 | 3 | 4) echo "compiled the forms of $config" ;; # finished, failed in a step, stopped
        *) echo "no forms of $config: $(tail -n 1 "$scratch/log")" ;;
        esac
    done
    rm -rf "$scratch" "$home"/cache/fenics/*.o
    ls "$home"/cache/fenics/*.so >/dev/null # an image without compiled forms is a failed build
}

case ${1:-} in
packages) packages ;;
program) program ;;
*) echo "usage: image-setup.sh packages|program" >&2; exit 2 ;;
esac

# Functions of docker/run that make the Debian root file system; sourced, not run.
# Needs from docker/run: say, die, lock, $here, $image, $cache, $root.
# shellcheck shell=bash
# shellcheck disable=SC2154  # the variables named above

SUITE=trixie
NEED_MB=5000

# The package names of apt-packages.txt, one per line, without comments.
packages() {
    sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$here/apt-packages.txt"
}

# need_tools COMMAND:PACKAGE...: all commands are there, or root installs them.
need_tools() {
    local pair missing=()
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if ! command -v apt-get >/dev/null; then
        die "please install ${missing[*]} with the package manager of this system (or provide the image $image)"
    elif ((EUID != 0)); then
        die "please install the missing tools once: sudo apt-get install mmdebstrap bubblewrap uidmap"
    fi
    say "installing ${missing[*]} with apt-get"
    apt_install "${missing[@]}" || { apt-get update >&2 && apt_install "${missing[@]}"; } ||
        die "apt-get could not install ${missing[*]} (its messages are above)"
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null >&2
}

# How to get root rights over a new tree: as root a mount namespace, as an
# ordinary user a user namespace too, in which the caller is uid 0 and the other
# ids come from /etc/subuid.  mmdebstrap's own --mode=unshare is not used: its
# root would be a subordinate id, which may not even pass through a home of mode
# 0700 and whose files the caller could not delete.
namespace() {
    ns=(unshare --mount --propagation private)
    if ((EUID == 0)); then
        "${ns[@]}" true 2>/dev/null ||
            die "this system does not let root make mount namespaces (a container without CAP_SYS_ADMIN?); use an image or install DOLFINx"
        return
    fi
    ns=(unshare --user --map-root-user --map-auto --mount --propagation private)
    "${ns[@]}" true 2>/dev/null && return
    unshare --user --map-root-user true 2>/dev/null ||
        die "this system does not let ordinary users make user namespaces (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)"
    local me
    me=$(id -un 2>/dev/null) || me=$(id -u)
    grep -q -E "^($me|$(id -u)):" /etc/subuid 2>/dev/null ||
        die "no subordinate ids: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $me"
    die "'unshare --map-auto' does not work here; it needs util-linux 2.38 or newer and uidmap"
}

# has_mounts FOLDER [MOUNTINFO]: is anything mounted on the folder or below it, as
# this process sees it?
has_mounts() {
    local dir=$1 point rest
    while read -r _ _ _ _ point rest; do
        point=$(printf '%b' "${point//\\/\\0}") # mountinfo writes a blank as \040
        [[ $point == "$dir" || $point == "$dir"/* ]] && return 0
    done <"${2:-/proc/self/mountinfo}"
    return 1
}

# Delete a tree of our own making.  Never across a mount: below a mounted /dev
# that would delete the host's devices.
remove_tree() {
    local how=(rm -rf --one-file-system --) try
    ((EUID == 0)) || how=(unshare --user --map-root-user --map-auto "${how[@]}")
    if has_mounts "$1"; then
        say "something is mounted below $1, so it is left alone; unmount it and delete the folder by hand"
        return
    fi
    # Killed processes of the build may still write for a moment.
    for try in 1 2 3; do
        "${how[@]}" "$1" 2>/dev/null && return
        sleep "$try"
    done
    say "could not delete $1; it is left alone"
}

# Make $root unless it is there.  A root is complete if and only if it has its
# final name, which it gets by one rename at the very end.
make_root() {
    [[ ! -d $root ]] || return 0
    lock "$root" "the Debian root"
    if [[ ! -d $root ]]; then
        need_tools mmdebstrap:mmdebstrap setpriv:util-linux unshare:util-linux
        if ((EUID != 0)); then need_tools newuidmap:uidmap; fi
        build_root
    fi
    exec 9>&-
}

build_root() {
    local ns stale free partial log builder reader failed=0
    namespace
    compgen -G "/usr/share/keyrings/debian-archive-$SUITE-stable.*" >/dev/null ||
        die "the keys of Debian $SUITE are missing: install or upgrade the package debian-archive-keyring"
    # With the lock held, whatever is called partial is left from a dead build.
    for stale in "$root".partial.*; do
        [[ ! -d $stale ]] || { say "deleting an unfinished build: $stale"; remove_tree "$stale"; }
    done 9>&-
    free=$(df -BM --output=avail "$cache" | tail -n 1 | tr -dc 0-9)
    ((free >= NEED_MB)) ||
        die "making the Debian root needs $NEED_MB MB in $cache, but only $free MB are free; set DENDRITE_CACHE to another disk"

    say "first use: making a Debian $SUITE root with DOLFINx in $root"
    say "about 3 GB on disk, 1 to 3 minutes, once only (log: $root.log)"
    partial=$root.partial.$$ log=$root.log SECONDS=0
    trap 'stop_build 130' INT
    trap 'stop_build 143' TERM
    trap 'stop_build 129' HUP
    # In the background, because bash runs traps during `wait` but not while a
    # command in the foreground works.
    exec 8> >(exec 9>&-; progress "$log")
    reader=$!
    debootstrap_into "$partial" </dev/null >&8 2>&1 8>&- 9>&- &
    builder=$!
    exec 8>&-
    wait "$builder" || failed=1
    wait "$reader" 2>/dev/null || true
    if ((failed)); then
        say "making the Debian root failed; the end of $log:"
        tail -n 15 "$log" >&2
        remove_tree "$partial"
        exit 2
    fi
    # The rename must not reach the disk before the files do.
    sync -f "$partial"
    mv -T -- "$partial" "$root"
    trap - INT TERM HUP
    say "done after $SECONDS s"
}

# For a build that is told to stop; after kill -9 the next call cleans up.
stop_build() {
    trap '' INT TERM HUP
    say "stopped; deleting the unfinished root"
    kill -KILL "$builder" 2>/dev/null || true
    wait "$builder" 2>/dev/null || true
    remove_tree "$partial"
    exit "$1"
}

# mmdebstrap mounts /proc, /sys and parts of /dev in the tree while it works and
# cannot unmount them when it is killed.  So it runs in a mount namespace and a
# pid namespace of its own: the mounts are never visible to the host, and when
# docker/run dies, even by kill -9, the kernel ends `unshare` (pdeathsig), with
# it all processes of the build, and with the last of them every mount.
debootstrap_into() {
    local list finish=':'
    list=$(packages | paste -sd,)
    # An ordinary user should own all of the tree, to be able to delete it.
    # shellcheck disable=SC2016
    ((EUID == 0)) || finish='chown -hR 0:0 "$1"'
    # shellcheck disable=SC2016
    exec setpriv --pdeathsig KILL "${ns[@]}" --pid --fork --kill-child --mount-proc \
        bash -euc 'umask 022; mmdebstrap "${@:2}" "$1"; touch "$1/etc/resolv.conf" "$1/etc/hosts"; '"$finish" \
        make-root "$1" --mode=root --variant=minbase --include="$list" --verbose \
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        "$SUITE"
}

# Log all lines; show the stages, and a sign of life in the long ones.
progress() {
    local line rc last=0
    : >"$1"
    while true; do
        rc=0
        IFS= read -r -t 5 line || rc=$?
        if ((rc == 0)); then
            printf '%s\n' "$line" >>"$1"
            [[ $line == 'I: '* ]] || line=''
        elif ((rc > 128)); then
            line='' # nothing for 5 s
        else
            break
        fi
        if [[ $line ]]; then
            say "$SECONDS s: ${line#I: }"
        elif ((SECONDS - last >= 20)); then
            say "$SECONDS s: still working"
        else
            continue
        fi
        last=$SECONDS
    done
}

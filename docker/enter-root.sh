# Functions of docker/run that enter the Debian root with bubblewrap; sourced, not run.
# Needs from docker/run: say, die, make_home, inner_env, $repo, $cwd, $cache, $root.
# shellcheck shell=bash
# shellcheck disable=SC2154  # the variables named above

# Fill `binds`: system folders come read-only from the root, everything else at
# the top level of the host (/home, /scratch, /data, ...) is the host's, so that
# paths mean the same inside and outside.
root_binds() {
    local path name
    binds=()
    for path in "$root"/*; do
        name=/${path##*/}
        case $name in
        /bin | /sbin | /lib* | /etc | /usr) root_entry "$name" ;;
        esac
    done
    for path in /*; do
        case $path in
        /bin | /sbin | /lib* | /etc | /usr | /boot | /dev | /proc | /sys | /run | /var | /lost+found) ;;
        *) host_entry "$path" ;;
        esac
    done
    for path in "$root"/var/*; do
        name=/var/${path##*/}
        [[ $name == /var/tmp ]] || root_entry "$name"
    done
    for path in /var/*; do
        if [[ $path == /var/tmp || ! -e $root$path && ! -L $root$path ]]; then host_entry "$path"; fi
    done
    binds+=(--dir /run/lock)
    for path in /run/media /run/user; do [[ ! -d $path ]] || host_entry "$path"; done
    # Devices one by one instead of bwrap's --dev: for an ordinary user that
    # would put CMD in a second user namespace which nsenter cannot reach.
    # All of this lives in a mount namespace of its own and ends with CMD; no
    # folder on disk has anything mounted on it.
    binds+=(--bind /proc /proc --ro-bind /sys /sys --dir /dev)
    for path in null zero full random urandom tty ptmx pts shm; do
        [[ ! -e /dev/$path ]] || binds+=(--dev-bind "/dev/$path" "/dev/$path")
    done
    binds+=(--symlink /proc/self/fd /dev/fd --symlink /proc/self/fd/0 /dev/stdin
        --symlink /proc/self/fd/1 /dev/stdout --symlink /proc/self/fd/2 /dev/stderr)
    for path in /etc/resolv.conf /etc/hosts; do
        if [[ -f $path && -e $root$path ]]; then binds+=(--ro-bind "$path" "$path"); fi
    done
    # Last: a file written to a place that exists only inside would be lost
    # with it, so the places between the binds are read-only.
    binds+=(--remount-ro /)
}

root_entry() {
    if [[ -L $root$1 ]]; then
        binds+=(--symlink "$(readlink "$root$1")" "$1")
    else
        binds+=(--ro-bind "$root$1" "$1")
    fi
}

host_entry() {
    if [[ -L $1 ]]; then
        binds+=(--symlink "$(readlink "$1")" "$1")
    elif [[ -d $1 ]]; then
        binds+=(--bind "$1" "$1")
    fi
}

# Is this (physical) path of the host the same folder inside?
visible() {
    local first
    case $1/ in
    /bin/* | /sbin/* | /lib* | /etc/* | /usr/* | /boot/* | /lost+found/*) return 1 ;;
    /run/media/* | /run/user/* | /dev/shm/* | /proc/* | /sys/* | /var/tmp/*) return 0 ;;
    /run/* | /dev/*) return 1 ;;
    /var/*)
        first=${1#/var/}
        [[ ! -e $root/var/${first%%/*} ]]
        ;;
    esac
}

# The uid must have a name inside (git, getpass and mpirun ask for it).
passwd_lines() {
    local name
    name=$(id -un 2>/dev/null || echo user)
    grep -v -e "^$name:" -e "^[^:]*:[^:]*:$(id -u):" "$root/etc/passwd"
    echo "$name:x:$(id -u):$(id -g):$name:$home:/bin/bash"
}

group_lines() {
    local name
    name=$(id -gn 2>/dev/null || echo user)
    grep -v -e "^$name:" -e "^[^:]*:[^:]*:$(id -g):" "$root/etc/group"
    echo "$name:x:$(id -g):"
}

run_in_root() {
    local ns=(--mount) user=() drop=() name pid
    need_tools bwrap:bubblewrap nsenter:util-linux
    make_root # returns at once when the root is there
    make_home
    inner_env
    root_binds
    visible "$repo" || die "the checkout $repo is hidden by the Debian root; move it below your home"
    visible "$home" || die "the cache $cache is hidden by the Debian root; set DENDRITE_CACHE to another folder"
    if ! visible "$cwd"; then
        say "the current folder $cwd is hidden by the Debian root; running in $repo"
        cwd=$repo
    fi
    if ((EUID != 0)); then
        user=(--unshare-user)
        ns=(--user --preserve-credentials --mount)
    fi
    while read -r name; do drop+=(-u "$name"); done < <(host_only_names)
    if [[ ${TMPDIR:-} ]] && ! visible "$(readlink -m "$TMPDIR")"; then drop+=(-u TMPDIR); fi

    # bwrap stays the parent of what it starts, passes no signal on and dies of
    # the terminal's Ctrl-C before CMD has finished.  So bwrap only holds the
    # namespace open until this process itself has entered it by nsenter: CMD
    # then has the pid, the parent, the terminal and the exit code of docker/run,
    # and every signal reaches it.  The `sleep` ends as soon as CMD starts.
    read -r pid < <(
        bwrap "${user[@]}" "${binds[@]}" --ro-bind-data 3 /etc/passwd --ro-bind-data 4 /etc/group \
            -- /bin/sh -c 'echo $$; exec sleep 60 >/dev/null 2>&1' \
            </dev/null 3< <(passwd_lines) 4< <(group_lines) &
    ) || true
    [[ $pid =~ ^[0-9]+$ ]] || die "bubblewrap could not enter $root (see above); user namespaces may be forbidden on this machine"
    # shellcheck disable=SC2016
    exec nsenter --target "$pid" "${ns[@]}" -- /usr/bin/env -C "$cwd" "${drop[@]}" "${inner[@]}" \
        /bin/sh -c 'kill "$1" 2>/dev/null; shift; exec "$@"' docker/run "$pid" "$@"
}

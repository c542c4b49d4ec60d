# Functions of docker/run that make a Python environment from PyPI; sourced, not run.
# Needs from docker/run: say, die, lock, make_home, $repo, $cache.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034  # the variables named above, and those set for it

VENV_MB=2400

# Can this machine have the environment?  Sets `python` and `venv`, or else `lack`, the reason.
venv_possible() {
    local glibc libraries name
    lack="DOLFINx on PyPI is for x86-64 Linux"
    [[ $(uname -sm) == 'Linux x86_64' ]] || return 1
    lack="DOLFINx on PyPI needs glibc 2.34 or newer"
    read -r _ glibc < <(getconf GNU_LIBC_VERSION 2>/dev/null) || true
    [[ $(printf '2.34\n%s\n' "${glibc:-0}" | sort -V | head -n 1) == 2.34 ]] || return 1
    libraries=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null)
    for name in libGL.so.1 libGLU.so.1 libXcursor.so.1 libXft.so.2 libXinerama.so.1; do
        lack="Gmsh from PyPI needs $name"
        [[ $libraries == *"$name"* ]] || return 1
    done
    lack="there is no Python 3.12 to 3.14 with venv, headers and a C compiler"
    find_python
}

# Set `python` to the first interpreter that can make and use the environment, `hash` to the word
# for both and what they install, and `venv` to the place.  Names are tried, not looked up: a shim
# of pyenv may refuse to work although pyenv has the version.
find_python() {
    local name answer store=${PYENV_ROOT:-${HOME:-}/.pyenv}/versions
    for name in python3.13 python3.12 python3.14 python3 "$store"/3.1[234].*/bin/python3; do
        answer=$(cd / && timeout 30 "$name" - "$repo/pyproject.toml" 2>/dev/null <<'PYTHON'
import ensurepip, hashlib, os, platform, shlex, shutil, sys, sysconfig, tomllib, venv
compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC"))[0]
assert (3, 12) <= sys.version_info[:2] <= (3, 14) and shutil.which(compiler)
assert os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))
with open(sys.argv[1], "rb") as file:
    project = tomllib.load(file)["project"]
needs = [sys.prefix, platform.python_version(), project["dependencies"],
         project["optional-dependencies"]]
print(sys.executable, hashlib.sha256(repr(needs).encode()).hexdigest()[:12], sep="\t")
PYTHON
        ) || continue
        IFS=$'\t' read -r python hash <<<"$answer"
        venv=$cache/venv-$hash
        return 0
    done
    return 1
}

# Make the environment unless it is there; of two calls at once, one waits for the other.
make_venv() {
    [[ ! -e $venv/complete ]] || return 0
    lock "$venv" "the environment from PyPI"
    [[ -e $venv/complete ]] || build_venv
    exec 9>&-
}

# Commands in an environment know its path, so that it cannot be made aside and renamed: the file
# `complete` tells that it is ready, and what a killed build has left is made anew.
build_venv() {
    local free log=$venv.log
    SECONDS=0
    free=$(df -BM --output=avail "$cache" | tail -n 1 | tr -dc 0-9)
    ((free >= VENV_MB)) ||
        die "the environment from PyPI needs $VENV_MB MB in $cache, but only $free MB are free; set DENDRITE_CACHE to another disk"
    say "first use: making a Python environment with DOLFINx from PyPI in $venv"
    say "about 2.1 GB on disk, a minute, once only (log: $log)"
    if ! venv_into "$venv" >"$log" 2>&1 9>&- </dev/null; then
        tail -n 15 "$log" >&2
        die "making it failed (see above); DENDRITE_ENV=root takes a Debian root instead"
    fi
    touch "$venv/complete"
    say "done after $SECONDS s"
}

# In a condition bash takes no notice of `set -e`, hence the chain.
venv_into() (
    clean_environment
    "$python" -m venv --clear "$1" && requirements >"$1/requirements.txt" &&
        "$1/bin/python3" -m pip install --disable-pip-version-check -r "$1/requirements.txt" &&
        cd / && "$1/bin/python3" -c 'from mpi4py import MPI; import dolfinx, gmsh, h5py, pyvista'
)

# Print what all groups of pyproject.toml need; the program itself is found in the checkout.
requirements() {
    "$python" - "$repo/pyproject.toml" list <<'PYTHON'
import sys, tomllib
with open(sys.argv[1], "rb") as file:
    project = tomllib.load(file)["project"]
for group in (project["dependencies"], *project["optional-dependencies"].values()):
    print(*group, sep="\n")
PYTHON
}

# Variables of the host that would bring other packages or another MPI in; its compiler is used.
clean_environment() {
    local name
    while read -r name; do unset "$name"; done \
        < <(compgen -e | grep -E '^(PYTHON.*|LD_.*|CONDA.*|VIRTUAL_ENV.*|PETSC_(DIR|ARCH)|SLEPC_DIR)$')
}

run_in_venv() {
    make_venv
    make_home
    clean_environment
    export VIRTUAL_ENV=$venv PATH=$venv/bin:$PATH PYTHONPATH=$repo
    export XDG_CACHE_HOME=$home/.cache MPLCONFIGDIR=$home/.cache/matplotlib
    export MPLBACKEND=${MPLBACKEND:-Agg} OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
    export HDF5_USE_FILE_LOCKING=${HDF5_USE_FILE_LOCKING:-FALSE}
    exec "$@"
}

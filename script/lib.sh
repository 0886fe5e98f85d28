# What the scripts share; sourced from the repository's root. Nothing outside the repository is changed, except that a
# missing compiler is installed where this may be done.
# shellcheck shell=bash

local_folder=$PWD/.local
export PATH=$local_folder/uv/bin:$PATH

step() { printf '==> %s\n' "$*" >&2; }
die() { printf '%s\n' "$*" >&2; exit 1; }

# uv makes the environments: it needs neither pip nor venv in the interpreter it makes them for.
ensure_uv() {
  command -v uv >/dev/null && return
  command -v python3 >/dev/null || die "python3 is missing. Install it: apt install python3 python3-pip"
  python3 -m pip --version >/dev/null 2>&1 || die "pip is missing. Install it: apt install python3-pip"
  step "Installing uv into .local/uv"
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target "$local_folder/uv" uv \
    || die "uv could not be installed with pip; its message above says why."
}

# install_packages REASON PACKAGE...: as root or with a sudo that asks nothing; else says what to install.
install_packages() {
  local reason=$1; shift
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n); else
      die "$reason. Install it and run this again: sudo apt install $*"
    fi
  fi
  step "$reason: installing $*"
  "${as_root[@]}" apt-get -qq update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "$@" >/dev/null \
    || die "apt could not install $*; its message above says why."
}

# Some of Home Assistant's requirements have no wheel for Python 3.14 and are compiled.
ensure_compiler() {
  local python=$1
  if ! command -v c++ >/dev/null || ! command -v cc >/dev/null; then
    install_packages "A C++ compiler is needed for packages without a wheel" g++ libc6-dev
  fi
  local header
  header=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include") + "/Python.h")')
  [[ -e $header ]] || install_packages "Python's headers are needed for packages without a wheel" python3.14-dev
}

# ensure_environment FOLDER NAME: FOLDER has what requirements/NAME.txt pins. Costs nothing when it has it already.
ensure_environment() {
  local folder=$1 name=$2
  local pinned=requirements/$2.txt
  local stamp=$folder/.installed-$name
  if [[ -x $folder/bin/python ]] && cmp -s "$pinned" "$stamp"; then return; fi
  mkdir -p "$local_folder" "$folder" 2>/dev/null && [[ -w $local_folder && -w $folder ]] \
    || die "No permission to write to $PWD. Run this as the folder's owner, or copy the folder to a place of your own."
  ensure_uv
  local python
  python=$(script/python "$local_folder/python") || exit 1
  ensure_compiler "$python"
  if [[ ! -x $folder/bin/python ]]; then
    step "Making the environment $folder with $("$python" --version)"
    uv venv --quiet --allow-existing --python "$python" "$folder"
  fi
  step "Installing $pinned into $folder"
  uv pip install --python "$folder/bin/python" --require-hashes --requirement "$pinned" \
    || die "The packages of $pinned could not be installed; the message above says why."
  cp "$pinned" "$stamp"
}

torch=torch==2.13.0+cpu
torch_audio=(torchaudio==2.11.0 torchcodec==0.17.0)

# ensure_torch_environment FOLDER: FOLDER has Python 3.11, torch and what requirements/torch.txt pins. Returns 1, having
# said why, where there is no Python 3.11 or no build of torch for processors: neither can be had everywhere.
ensure_torch_environment() {
  local folder=$1 pinned=requirements/torch.txt python
  local stamp=$folder/.installed-torch
  if [[ -x $folder/bin/python ]] && cmp -s "$pinned" "$stamp"; then return; fi
  ensure_uv
  python=$(uv python find --no-project --system --no-python-downloads 3.11 2>/dev/null) \
    || { step "SKIPPED: this machine has no Python 3.11"; return 1; }
  [[ -x $folder/bin/python ]] || uv venv --quiet --allow-existing --python "$python" "$folder"
  step "Installing torch and $pinned into $folder"
  UV_FIND_LINKS=${UV_FIND_LINKS:-${PIP_FIND_LINKS:-}} \
    uv pip install --quiet --python "$folder/bin/python" --no-deps "$torch" \
    || { step "SKIPPED: no build of $torch here. Name a folder or page that has one in UV_FIND_LINKS"; return 1; }
  # coqui-tts wants both to be there. Their compiled parts need CUDA's libraries: torchaudio does without its own, and of
  # torchcodec nothing is used.
  uv pip install --quiet --python "$folder/bin/python" --no-deps "${torch_audio[@]}" \
    || die "${torch_audio[*]} could not be installed; the message above says why."
  rm -f "$folder"/lib/python3.11/site-packages/torchaudio/lib/*.so
  uv pip install --quiet --python "$folder/bin/python" --require-hashes --requirement "$pinned" \
    || die "The packages of $pinned could not be installed; the message above says why."
  cp "$pinned" "$stamp"
}

# Steps that quickstart.sh and test.sh share. Source it from the repository's root: `. scripts/common.sh`.

# Installs those packages of scripts/packages.txt that are missing, and does nothing where none is.
install_packages() {
  local wanted missing=() package
  wanted=$(sed 's/#.*//' scripts/packages.txt)
  for package in $wanted; do
    # npm comes with node where node is not Debian's; Debian's npm would then be refused.
    if [ "$package" = npm ] && command -v npm >/dev/null; then
      continue
    fi
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done
  if [ ${#missing[@]} -eq 0 ]; then
    return
  fi
  local sudo=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "error: these packages are missing, and there is no sudo to install them: ${missing[*]}" >&2
      echo "note: as root, run apt-get install ${missing[*]}" >&2
      return 1
    fi
    sudo=sudo
  fi
  echo "installing ${missing[*]}"
  $sudo apt-get update -q
  if ! $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; then
    echo "error: apt-get could not install the packages of scripts/packages.txt" >&2
    echo "note: LLVM and MLIR 22 come from bookworm-security: is it in /etc/apt/sources.list?" >&2
    return 1
  fi
}

# configure FOLDER [cmake argument...]: as CMakePresets.json says under `release`. Quick where it was done before.
configure() {
  local folder=$1
  shift
  cmake --preset release -B "$folder" "$@"
}

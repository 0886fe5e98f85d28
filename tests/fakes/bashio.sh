# shellcheck shell=bash
# The part of bashio that the apps use: options from the array OPTIONS, announcements to the file DISCOVERIES (JSON lines).
# Values as bashio gives them: "null" for what is not set, lists one item a line.

bashio::config() { printf '%s\n' "${OPTIONS[$1]-null}"; }
bashio::config.has_value() { [[ -n ${OPTIONS[$1]-} ]]; }
bashio::config.true() { [[ ${OPTIONS[$1]-} == true ]]; }

# Pairs of a key and a value; a value that begins with ^ is no text.
bashio::var.json() {
  local object=""
  while (($#)); do
    if [[ $2 == ^* ]]; then object+=", \"$1\": ${2#^}"; else object+=", \"$1\": \"$2\""; fi
    shift 2
  done
  printf '{%s}' "${object#, }"
}

bashio::discovery() { printf '{"service": "%s", "config": %s}\n' "$1" "$2" >>"$DISCOVERIES"; }

bashio::log.info() { echo "INFO $*" >&2; }
bashio::log.warning() { echo "WARNING $*" >&2; }
bashio::log.error() { echo "ERROR $*" >&2; }
bashio::exit.nok() { echo "FATAL $*" >&2; exit 1; }

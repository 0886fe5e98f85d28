# shellcheck shell=bash
# The part of bashio that the apps use, over files: OPTIONS (JSON) in, what was announced to DISCOVERIES (JSON lines).
# Values as bashio gives them: "null" for what is not set, lists one item a line.

_option() { python3 - "$OPTIONS" "$1" <<'PYTHON'
import json, sys
value = json.load(open(sys.argv[1])).get(sys.argv[2])
if isinstance(value, list):
    print(*value, sep="\n")
else:
    print({None: "null", True: "true", False: "false"}.get(value, value) if not isinstance(value, str) else value)
PYTHON
}

bashio::config() { _option "$1"; }
bashio::config.has_value() { local value; value=$(_option "$1"); [[ -n $value && $value != null ]]; }
bashio::config.true() { [[ $(_option "$1") == true ]]; }

# A value that begins with ^ is no text.
bashio::var.json() { python3 - "$@" <<'PYTHON'
import json, sys
pairs = zip(sys.argv[1::2], sys.argv[2::2], strict=True)
print(json.dumps({key: json.loads(value[1:]) if value.startswith("^") else value for key, value in pairs}))
PYTHON
}

bashio::discovery() { printf '{"service": "%s", "config": %s}\n' "$1" "$2" >>"$DISCOVERIES"; }

bashio::log.info() { echo "INFO $*" >&2; }
bashio::log.warning() { echo "WARNING $*" >&2; }
bashio::log.error() { echo "ERROR $*" >&2; }
bashio::exit.nok() { echo "FATAL $*" >&2; exit 1; }

# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder share. Sourced, not run.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
data=$root/data

say() {
	printf '%s\n' "$*"
}

fail() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# The comment at the top of a script, behind its SPDX line, is its help.
help() {
	sed -n '3,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"
}

# For scripts that take nothing but --help.
no_options() {
	case ${1-} in
	'') ;;
	-h | --help) help && exit 0 ;;
	*) printf '%s: unknown argument: %s (see --help)\n' "${0##*/}" "$1" >&2 && exit 2 ;;
	esac
}

# build FOLDER MESON-OPTION...: configures the build folder once and brings it up to date, quietly.
build() {
	local folder=$1 log=$1/build.log
	shift
	mkdir -p "$folder"
	if [[ ! -f $folder/build.ninja ]]; then
		say "configuring ${folder##*/}/"
		meson setup "$@" "$folder" "$root" >"$log" 2>&1 || { cat "$log" >&2 && fail "meson setup failed"; }
	fi
	[[ $(ninja -C "$folder" -n) == *"no work to do"* ]] && return
	say "building ${folder##*/}/"
	ninja -C "$folder" --quiet >"$log" 2>&1 || { cat "$log" >&2 && fail "the build failed"; }
}

# origin_table BUILD-FOLDER: compiles data/origin.table, where an input is newer than it, out of the
# AS origins that setup fetched (where it could) and the range lists configs/ranges/FEED.*.
origin_table() {
	local compiler=$1/geo/origin-compile table=$data/origin.table list options=()
	local inputs=("$compiler" "$root"/configs/ranges/*.{json,tsv})

	if [[ -f $data/asn.version ]]; then
		inputs+=("$data"/asn-ipv{4,6}.csv)
		options+=(--asn-v4 "$data/asn-ipv4.csv" --asn-v6 "$data/asn-ipv6.csv"
			--asn-source "@ip-location-db/asn $(<"$data/asn.version") (RouteViews, DB-IP)")
	fi
	if [[ -f $table && -z $(find "${inputs[@]}" -newer "$table" -print -quit) ]]; then
		return
	fi
	for list in "$root"/configs/ranges/*.{json,tsv}; do
		[[ ${list##*/} == SOURCES.tsv ]] && continue
		options+=(--ranges "$(basename "${list%.*}")=$list")
	done
	say "compiling data/origin.table"
	"$compiler" "${options[@]}" -o "$table"
}

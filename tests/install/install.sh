#!/bin/sh
# What is installed can be used: the headers, the libraries by pkg-config and by CMake, the command,
# and all of it after the prefix was moved. usage: install.sh BUILD SANITIZERS CC
set -eu
build=$(realpath "$1") sanitize=$2 cc=$3
here=$(dirname "$(realpath "$0")")
flags=${sanitize:+-fsanitize=$sanitize}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset DESTDIR LD_LIBRARY_PATH
step=
fail() {
    echo "$step: $*"
    exit 1
}

step='install'
cmake --install "$build" --prefix "$work/prefix" >/dev/null
cd "$work"
libdir=$(dirname "$(find prefix -name libhedui.so.0)")
for file in bin/hedui "${libdir#prefix/}/libhedui.a" include/hedui/status.def share/man/man1/hedui.1 \
    share/bash-completion/completions/hedui share/hedui/rules/fields.yaml share/doc/hedui/LICENSE; do
    [ -f "prefix/$file" ] || fail "$file is not there"
done

step='headers'
for header in prefix/include/hedui/*.h; do
    for language in 'c -std=c17' 'c++ -std=c++17'; do
        # shellcheck disable=SC2086  # two words
        clang-14 -x $language -Wall -Wextra -pedantic -Werror -fsyntax-only -Iprefix/include \
            "$header" || fail "$header as $language"
    done
done

step='exported symbols'
cat prefix/include/hedui/*.h | tr ';\n' '\n ' |
    sed -n 's/.*HD_API .*[ *]\(hd_[a-z_]*\)(.*/\1/p' | sort >declared
nm -D --defined-only "$libdir/libhedui.so.0" | awk '{print $3}' | sort >exported
diff declared exported || fail 'libhedui.so does not export what the headers declare'

step='build with pkg-config'
export PKG_CONFIG_PATH="$work/$libdir/pkgconfig"
for package in hedui hedui-static; do
    # shellcheck disable=SC2046,SC2086  # lists of options
    $cc -std=c17 -Wall -Wextra -Werror $flags "$here/example.c" \
        $(pkg-config --cflags --libs $package) -o pc-$package
done

step='build with CMake'
cmake -G Ninja -S "$here" -B cmake -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_C_COMPILER="$cc" \
    -DCMAKE_C_FLAGS="$flags" >log 2>&1 && cmake --build cmake >>log 2>&1 || fail "$(cat log)"

step='static programs need no libhedui.so'
for program in pc-hedui-static cmake/example-static; do
    ! readelf -d $program | grep -q 'NEEDED.*hedui' || fail $program
done

# What the example prints, from the manifest that lies in the folder.
facts() {
    python3 - "$1" <<'END'
import json, sys
manifest = json.load(open(sys.argv[1] + "/runs/current/manifest.json"))
print("source rows linked rejected filtered mentions")
for s in manifest["inputs"]:
    print(s["source"], *(s["rows_" + x] for x in ("read", "linked", "rejected", "filtered")), s["mentions"])
for name in "pairs", "persons", "relations", "reviews", "discrepancies":
    print(name, manifest["counts"][name])
END
}

step='run of the example'
mkdir counties
for program in pc-hedui pc-hedui-static cmake/example cmake/example-static; do
    # a program that is linked statically has no prefix: it is told where the rules are
    case $program in
    *static) export HEDUI_RULES="$work/prefix/share/hedui/rules" ;;
    *) unset HEDUI_RULES ;;
    esac
    county=counties/$(basename $program)
    LD_LIBRARY_PATH=$libdir ./$program "$county" >printed || fail $program
    facts "$county" >wanted
    sed '/^run /d; /^report /d' printed | diff wanted - || fail "$program: not what its manifest says"
    [ -f "$(sed -n 's/^report //p' printed)" ] || fail "$program: there is no report"
done
unset HEDUI_RULES

step='run of the command, from a prefix that was moved'
mv prefix moved
libdir=moved/${libdir#prefix/}
moved/bin/hedui run --quiet --config counties/example/hedui.yaml --as-of 2026-01-01 >/dev/null
facts counties/example | diff wanted - || fail 'the command does not find what the library found'

step='rules of the prefix'
echo 'wrong: key' >>moved/share/hedui/rules/types.yaml
ln -s "$work/moved/bin/hedui" hedui
! ./hedui lint --config counties/example/hedui.yaml 2>said || fail 'the command reads others'
grep -q 'rules/types.yaml' said || fail "$(cat said)"
! LD_LIBRARY_PATH=$libdir ./pc-hedui other 2>said || fail 'the library reads others'
grep -q 'rules/types.yaml' said || fail "$(cat said)"

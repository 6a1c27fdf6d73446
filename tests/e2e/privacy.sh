#!/bin/sh
# No name, number or telephone of a person reaches the terminal, the report, the lists for stewards
# or the manifest in full; files that hold values are for their owner only. usage: privacy.sh HEDUI
set -eu
hedui=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/county"
cd "$work/county"
cat >hedui.yaml <<'Y'
site: 530303
store: county.db
gates: {rejected_share: {stop: 0.9}}
sources:
  household:
    type: household
    csv: household.csv
    key: [sfzh]
    key_is_personal: true
    mentions:
      self: {name: xm, sex: xb, id_number: sfzh, birth_date: csrq, phone: dh, registered_division: qh}
  resident:
    type: resident
    csv: resident.csv
    key: [id]
    mentions:
      self: {name: xm, sex: xb, id_number: sfzh, birth_date: csrq, phone: dh, residence_division: qh}
Y
cat >household.csv <<'C'
xm,xb,sfzh,csrq,dh,qh
欧阳金丝雀,1,11010519491231002X,19491230,13912340077,530303001
欧阳银丝雀,2,440524188001010014,18800101,13912340078,530303001
C
printf '欧阳铜丝雀,2,440524188001010022,18800101\n' >>household.csv
cat >resident.csv <<'C'
id,xm,xb,sfzh,csrq,dh,qh
r1,欧阳金丝雀,2,11010519491231002X,1949-12-31,13912340077,530303001
r2,欧阳银丝雀,2,440524188001010014,1880-01-01,13912340078,530303001
r3,欧阳银丝鹊,2,440524188001010014,1880-01-02,13912340078,530303001
C
"$hedui" run --as-of 2026-01-01 >out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" explain resident:r1 resident:r2 >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" explain household:11010519491231002X resident:r1 >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" explain resident:r1 resident:r2 --json >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" person resident:r1 >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" person household:11010519491231002X --json >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" evaluate --html runs/page.html household:11010519491231002X resident:r2 >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" label --out runs/labels.csv >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" profile >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" profile --json >>out.txt 2>&1 || { cat out.txt; exit 1; }
"$hedui" run --config nowhere.yaml >>out.txt 2>&1 && exit 1
"$hedui" explain household:110105194912310029 resident:r2 >>out.txt 2>&1 && exit 1
found=0
for secret in 丝雀 丝鹊 11010519491231002X 440524188001010014 440524188001010022 13912340077 13912340078 19491231 1949-12-31; do
    # reject.csv keeps the rejected rows so that they can be mended: mode 0600
    if grep -rl --exclude=reject.csv -e "$secret" runs; then
        echo "$secret stands in a file of the run"
        found=1
    fi
    if grep -n -e "$secret" out.txt; then
        echo "$secret stands on the terminal"
        found=1
    fi
done
loose=$(find runs county.db* -type f -perm /077)
[ -z "$loose" ] || { echo "open to others: $loose"; found=1; }
exit $found

# Completion of hedui for bash. Written by ops/make-cli-docs; change the commands, not this file.
_hedui()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    # bash cuts --option=value at the =
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    # options; of them those that take a file, a folder, another value; what an argument is
    local options= file= directory= value= rest= kind=
    case ${COMP_WORDS[1]} in
    init) options='--out --tls-waiver --force --help' file='--out' value='--tls-waiver' rest=directory ;;
    lint) options='--config --grants --role --help' file='--config' value='--role' ;;
    profile) options='--config --source --json --html --threads --help' file='--config --html' value='--source --threads' ;;
    run) options='--config --threads --csv --as-of --dry-run --fresh --quiet --help' file='--config' directory='--csv' value='--threads --as-of' ;;
    train) options='--config --out --labels --truth --explain --threads --quiet --help' file='--config --out --labels --truth' value='--threads' ;;
    blocks) options='--config --truth --labels --suggest --budget --json --threads --quiet --help' file='--config --truth --labels' value='--budget --threads' ;;
    label) options='--config --model --out --pairs --seed --from --show-values --threads --help' file='--config --model --out' value='--pairs --seed --from --threads' ;;
    model) options='--config --from-splink --columns --out --to-splink --model --table --threads --quiet --help' file='--config --from-splink --columns --model' directory='--out --to-splink' value='--threads' ;;
    explain) options='--config --model --show-values --json --threads --help' file='--config --model' value='--threads' ;;
    person) options='--config --model --show-values --json --threads --help' file='--config --model' value='--threads' ;;
    standardise) options='--field --column --explain --json --encoding --config --language --threads --help' file='--config' value='--field --column --encoding --language --threads' ;;
    compare) options='--field --by --encoding --config --threads --help' file='--config' value='--field --by --encoding --threads' ;;
    status) options='--config --json --help' file='--config' ;;
    runs) options='--config --json --help' file='--config' ;;
    rollback) options='--config --help' file='--config' ;;
    evaluate) options='--config --model --truth --labels --thresholds --links --errors --json --html --show-values --threads --help' file='--config --model --truth --labels --links --errors --html' value='--thresholds --threads' ;;
    generate) options='--persons --seed --twins --out --help' directory='--out' value='--persons --seed --twins' ;;
    esac
    if ((COMP_CWORD == 1)); then
        options='init lint profile run train blocks label model explain person standardise compare status runs rollback evaluate generate --help --version'
    elif [[ " $file " == *" $before "* ]]; then
        kind=file
    elif [[ " $directory " == *" $before "* ]]; then
        kind=directory
    elif [[ " $value " == *" $before "* ]]; then
        kind=none
    elif [[ $word != -* ]]; then
        kind=$rest
    fi
    case $kind in
    none) COMPREPLY=() ;;
    file | directory)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -A "$kind" -- "$word")
        ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
    esac
}
complete -F _hedui hedui

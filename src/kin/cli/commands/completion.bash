# TAB for kin in bash (4.0 or newer). Once:
#     echo '. <(kin completion bash)' >> ~/.bashrc
# Names from the book are data: printf quotes them; nothing evaluates them.

_kin() {
    local line=${COMP_LINE:0:COMP_POINT} come='' value help common='' word
    local -a words=() shown=()
    {
        IFS= read -r come
        while IFS=$'\t' read -r value help; do
            word=$value
            case $come in
                single) [[ $value != *\'* ]] || continue ;;
                double) [[ $value != *[\\\"\$\`!]* ]] || continue ;;
                *) printf -v word %q "$value" ;;
            esac
            words+=("$word")
            shown+=("$value${help:+  ($help)}")
            (( ${#words[@]} > 1 )) || common=$word
            while [[ $word != "$common"* ]]; do common=${common%?}; done
        done
    } < <(printf '%s\0' "$line" "$2" | command kin __complete bash 2>/dev/null)
    COMPREPLY=()
    if [[ $come == files ]]; then
        compopt -o default
    elif (( ${#words[@]} > 1 && COMP_TYPE == 63 )); then
        COMPREPLY=("${shown[@]}")  # bash lists these, and inserts none
    elif (( ${#words[@]} > 0 )); then
        COMPREPLY=("${words[@]}")
        # What they have in common is shorter than what is typed: keep that.
        (( ${#words[@]} == 1 || ${#common} >= ${#2} )) || COMPREPLY+=(' ')
    fi
}

complete -F _kin kin

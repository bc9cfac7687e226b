#compdef kin
# TAB for kin in zsh. Once:
#     echo '. <(kin completion zsh)' >> ~/.zshrc
# Names from the book are data: compadd quotes them; nothing evaluates them.

_kin() {
    local come='' value help common='' typed=$PREFIX
    local -a values lines with
    [[ -n $compstate[quote] ]] || typed=${(Q)PREFIX}
    {
        IFS= read -r come
        while IFS=$'\t' read -r value help; do
            values+=("$value")
            lines+=("$value${help:+  -- $help}")
            [[ -z $help ]] || with=(-l -d lines)
            (( $#values > 1 )) || common=$value
            while [[ $value != "$common"* ]]; do common=${common%?}; done
        done
    } < <(printf '%s\0' "${(@Q)words[1,CURRENT-1]}" "$typed" \
        | command kin __complete zsh 2>/dev/null)
    if [[ $come == files ]]; then
        compset -P '--*='
        _files
    elif (( $#values )); then
        compadd -U $with -a values
        # What they have in common is shorter than what is typed: keep that.
        (( $#values == 1 || $#common >= $#typed )) ||
            compstate[insert]='' compstate[list]='list force'
    fi
}

if (( ! $+functions[compdef] )); then
    autoload -Uz compinit && compinit -i
fi
if [[ $funcstack[1] == _kin ]]; then
    _kin "$@"  # this file was put into a folder of $fpath
else
    compdef _kin kin
fi

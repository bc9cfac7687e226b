# TAB for kin in fish. Once:
#     kin completion fish > ~/.config/fish/completions/kin.fish
# Names from the book are data: fish quotes them; nothing evaluates them.

function __kin_offers
    set -l typed (commandline -ct)
    set -l told (printf '%s\0' (commandline -opc) "$typed" |
        command kin __complete fish 2>/dev/null)
    if test "$told[1]" = files
        set -l option (string match -r -- '^--[^=]*=' "$typed")
        set -l begun (string replace -- "$option" '' "$typed")
        for path in (__fish_complete_path "$begun")
            printf '%s\n' "$option$path"
        end
    else if set -q told[2]
        # Of all that fish inserts, only a ~ in front would not be quoted.
        printf '%s\n' $told[2..] | string match -v -- '~*'
    end
end

complete -c kin -f -a '(__kin_offers)'

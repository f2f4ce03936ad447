import type { CompletedCommand, CompletedOption } from './completion.ts';

/** Shells that can be told how to complete. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** Name of a shell. */
export type Shell = (typeof shells)[number];

/** Completion of the program as a script of a shell. */
export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  return scripts[shell](commands);
}

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: (commands) => `# source <(cfg-dmft completion bash)\n${bashFunction(commands)}`,
  zsh: (commands) =>
    `# source <(cfg-dmft completion zsh)\nautoload -Uz compinit bashcompinit\n(( $+functions[compdef] )) || compinit\nbashcompinit\n${bashFunction(commands)}`,
  fish: fishScript,
};

/** Place and option of every option, as a pattern of the words before the one that is completed. */
const patternsOf = (
  commands: readonly CompletedCommand[],
  isWanted: (option: CompletedOption) => boolean,
): [string, CompletedOption][] =>
  commands.flatMap(({ path, options }) =>
    options.filter(isWanted).map((option): [string, CompletedOption] => {
      return [`'${[...path, `--${option.name}`].join(' ')}'`, option];
    }),
  );

/** Branches of a case: patterns with the same outcome together. */
function branches(entries: readonly (readonly [pattern: string, outcome: string])[]): string {
  const patterns = new Map<string, string[]>();
  for (const [pattern, outcome] of entries)
    patterns.set(outcome, [...(patterns.get(outcome) ?? []), pattern]);
  return [...patterns].map(([outcome, own]) => `    ${own.join('|')}) ${outcome} ;;`).join('\n');
}

/** Words that bash and, by bashcompinit, zsh complete. No name of a variable is one that zsh keeps for itself. */
function bashFunction(commands: readonly CompletedCommand[]): string {
  const groups = commands.filter((one) => one.path.length === 1 && one.commands.length > 0);
  const outcomes: Readonly<Record<CompletedOption['value'], (option: CompletedOption) => string>> = {
    none: () => '',
    words: ({ words, isList }) => `offered='${words.join(' ')}'${isList ? ' several=1' : ''}`,
    file: () => `COMPREPLY=($(compgen -f -- "$typed")); return`,
    folder: () => `COMPREPLY=($(compgen -d -- "$typed")); return`,
    text: () => 'return',
  };
  const values = patternsOf(commands, ({ value }) => value !== 'none').map(
    ([pattern, option]) => [pattern, outcomes[option.value](option)] as const,
  );
  const places = commands.map(({ path, options, commands: below, words }) => {
    const names = [...below.map(({ name }) => name), ...words, ...options.map(({ name }) => `--${name}`)];
    return [`'${path.join(' ')}'`, `offered='${names.join(' ')}'`] as const;
  });
  return `_cfg_dmft() {
  local typed=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} place=\${COMP_WORDS[1]}
  local offered= several=
  COMPREPLY=()
  if ((COMP_CWORD < 2)); then place=; fi
  case $place in
    ${groups.map(({ path }) => path[0]!).join('|')}) if ((COMP_CWORD > 2)); then place="$place \${COMP_WORDS[2]}"; fi ;;
  esac
  case "$place $before" in
${branches(values)}
    *) case $place in
${branches(places)}
    esac ;;
  esac
  if [[ -n $several && $typed == *,* ]]; then
    COMPREPLY=($(compgen -P "\${typed%,*}," -W "$offered" -- "\${typed##*,}"))
  else
    COMPREPLY=($(compgen -W "$offered" -- "$typed"))
  fi
}
complete -F _cfg_dmft cfg-dmft`;
}

const quoted = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** One line an option: the conditions of fish name the command. */
function fishScript(commands: readonly CompletedCommand[]): string {
  const valueOf = ({ value, words, isList }: CompletedOption) =>
    ({
      none: '',
      words: ` -xa ${quoted(isList ? `(__fish_append , ${words.join(' ')})` : words.join(' '))}`,
      file: ' -rF',
      folder: " -xa '(__fish_complete_directories)'",
      text: ' -x',
    })[value];
  const lines = commands.flatMap(({ path, options, commands: below, words }) => {
    const when = `complete -c cfg-dmft -n ${quoted(['__cfg_dmft_at', ...path].join(' '))}`;
    return [
      ...below.map(({ name, about }) => `${when} -a ${name} -d ${quoted(about)}`),
      ...(words.length === 0 ? [] : [`${when} -a ${quoted(words.join(' '))}`]),
      ...options.map((option) => `${when} -l ${option.name} -d ${quoted(option.about)}${valueOf(option)}`),
    ];
  });
  const groups = commands.filter((one) => one.path.length === 1 && one.commands.length > 0);
  return `# cfg-dmft completion fish | source
function __cfg_dmft_at
    set -l before (commandline -opc)[2..]
    set -l place $before[1]
    if contains -- "$place" ${groups.map(({ path }) => path[0]!).join(' ')}
        set place $before[1..2]
    end
    test "$place" = "$argv"
end
complete -c cfg-dmft -f
${lines.join('\n')}`;
}

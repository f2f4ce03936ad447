/** Words that a misspelt one may stand for, the closest first and at most three; none if none is close. */
export function closestWords<T extends string>(typed: string, known: readonly T[]): T[] {
  if (typed.length > longest) return [];
  const distances = known.map((word) => ({ word, distance: wordDistance(folded(typed), folded(word)) }));
  const close = distances.filter(({ distance }) => distance <= mostChanges(typed));
  const least = Math.min(...close.map(({ distance }) => distance));
  return close.flatMap(({ word, distance }) => (distance === least ? [word] : [])).slice(0, 3);
}

/** Advice about a misspelt word: `did you mean cosine?`; undefined if no known word is close. */
export function didYouMean(typed: string, known: readonly string[]): string | undefined {
  const words = closestWords(typed, known);
  return words.length === 0 ? undefined : `did you mean ${words.join(' or ')}?`;
}

/** Characters of a word that can be misspelt; of more it is another mistake. */
const longest = 40;

const folded = (word: string) => word.trim().toLowerCase().replaceAll('_', '-');

/** Changes up to which a word counts as close. */
const mostChanges = ({ length }: string) => (length < 3 ? 0 : length < 5 ? 1 : length < 9 ? 2 : 3);

/** Number of changes that lead from one word to the other; one for a beginning or a part between hyphens. */
function wordDistance(typed: string, word: string): number {
  if (typed === word) return 0;
  const [short, long] = typed.length < word.length ? [typed, word] : [word, typed];
  const isPart = short.length > 2 && (long.startsWith(short) || long.split('-').includes(short));
  return Math.min(isPart ? 1 : Infinity, editDistance(typed, word));
}

/** Insertions, deletions, substitutions and swaps of neighbours that make one word the other (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          last[j]! + 1,
          row[j - 1]! + 1,
          last[j - 1]! + Number(a[i - 1] !== b[j - 1]),
          isSwap ? before[j - 2]! + 1 : Infinity,
        ),
      );
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}

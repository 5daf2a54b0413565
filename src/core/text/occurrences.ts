/** How often words stand in a text as whole words, whatever their case. */
export function countOccurrences(text: string, words: string): number {
  const exactly = words.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const whole = new RegExp(`(?<![\\p{L}\\p{N}_])${exactly}(?![\\p{L}\\p{N}_])`, 'giu');
  return [...text.matchAll(whole)].length;
}

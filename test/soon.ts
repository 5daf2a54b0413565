/**
 * What a stop may take in a test, in milliseconds. It is meant to take less than a second, and is made to by deadlines in
 * the code (0.7 to 0.9 s); a machine that has other work to do gets more.
 */
export const SOON_MS = 3000;

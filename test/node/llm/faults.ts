import type { Asked, Reaction } from './llmServer';

/** A quotation of the note's end. */
export const answer = (asked: Asked): Reaction => ({
  content: JSON.stringify({ entities: [{ label: 'A', text: asked.user.slice(-4) }] }),
});

/** Whatever can go wrong goes wrong once with some note; which ones, its number says. */
export const faulty = (asked: Asked): Reaction => {
  const number = Number(/nota (\d+)/.exec(asked.user)![1]);
  if (asked.time > 1) return answer(asked);
  switch (number % 40) {
    case 1:
      return { status: 429, retryAfter: 0.01 };
    case 2:
      return { status: 500 };
    case 3:
      return { cut: 'before' };
    case 4:
      return { cut: 'within' };
    case 5:
      return { body: '<html>Bad gateway</html>' };
    case 6:
      return { status: 503 };
    case 7:
      return { content: '{"entities": [{"label": "A", "te' };
    default:
      return answer(asked);
  }
};

import type { Entity, Span } from '../text/entity';

/** A predicted span that a person said no to: it holds for as long as the note has the same text. */
export interface Rejection extends Span {
  readonly label: string;
}

export type Rejections = readonly Rejection[];

export function isRejected(rejections: Rejections, entity: Pick<Entity, 'label' | 'start' | 'end'>): boolean {
  return rejections.some((one) => isSame(one, entity));
}

export function withRejection(rejections: Rejections, { label, start, end }: Rejection): Rejections {
  return isRejected(rejections, { label, start, end }) ? rejections : [...rejections, { label, start, end }];
}

export function withoutRejection(rejections: Rejections, entity: Rejection): Rejections {
  return rejections.filter((one) => !isSame(one, entity));
}

function isSame(a: Rejection, b: Rejection): boolean {
  return a.label === b.label && a.start === b.start && a.end === b.end;
}

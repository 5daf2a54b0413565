import { noChange } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import type { ChildPart } from 'lit-html/directive.js';
import { Directive, directive } from 'lit-html/directive.js';
import { ref } from 'lit-html/directives/ref.js';

/** As the browser last said; an element that it has said nothing of counts as in sight. */
const outOfSight = new WeakSet<Element>();

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries)
    if (isIntersecting) outOfSight.delete(target);
    else outOfSight.add(target);
});

const watch = (element: Element | undefined): void => element && observer.observe(element);

/** To be put on the one element of a template that `inSight` draws. */
export const watched = (): ReturnType<typeof ref> => ref(watch);

class InSight extends Directive {
  render(_moving: boolean, draw: () => TemplateResult): TemplateResult {
    return draw();
  }

  override update(part: ChildPart, [moving, draw]: Parameters<this['render']>): unknown {
    const drawn = part.startNode?.nextSibling;
    return moving && drawn instanceof Element && outOfSight.has(drawn) ? noChange : draw();
  }
}

/**
 * While something is dragged, what is out of sight stays as it was drawn last: a frame costs what one looks at, not the
 * length of a table. Whoever draws does so once more, not moving, when the drag is over.
 */
export const inSight = directive(InSight);

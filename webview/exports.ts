import { html, render } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import type { ReportTable } from '../src/core/report/tables';
import { toCsvTable, toLatex, toMarkdown } from '../src/core/report/tables';
import type { Context } from './context';

const tableFormats = [
  { name: 'CSV', extension: 'csv', write: toCsvTable },
  { name: 'Markdown', extension: 'md', write: toMarkdown },
  { name: 'LaTeX', extension: 'tex', write: toLatex },
] as const;

/** Takes a table to a file. */
export function exportMenu(table: ReportTable, file: string, { t, save }: Context): TemplateResult {
  return html`<span class="export" role="group" aria-label=${t('Save this table')}>
    ${tableFormats.map(
      ({ name, extension, write }) =>
        html`<button
          class="link"
          title=${t('Save this table as {0}', name)}
          @click=${() => save({ name: `${file}.${extension}`, content: write(table) })}
        >
          ${name}
        </button>`,
    )}
  </span>`;
}

/** Takes the drawing in the same figure to a file. */
export function chartMenu(file: string, context: Context): TemplateResult {
  const inFigure = (event: Event): SVGSVGElement =>
    (event.currentTarget as HTMLElement).closest('figure')!.querySelector('svg')!;
  return drawingMenu(file, context, (event, take) => take(inFigure(event)));
}

/** Takes to a file, as a drawing, what the page shows as a table: it is drawn for that alone, where nobody sees it. */
export function tableDrawingMenu(file: string, context: Context, draw: () => TemplateResult): TemplateResult {
  return drawingMenu(file, context, (_, take) => {
    const place = document.createElement('div');
    place.className = 'off-page';
    document.body.append(place);
    render(draw(), place);
    take(place.querySelector('svg')!);
    place.remove();
  });
}

/** @param give hands the drawing over; it may be gone when that returns */
function drawingMenu(
  file: string,
  { t, save }: Context,
  give: (event: Event, take: (drawing: SVGSVGElement) => void) => void,
): TemplateResult {
  const svg = (event: Event): void =>
    give(event, (drawing) => save({ name: `${file}.svg`, content: standaloneSvg(drawing) }));
  const png = (event: Event): void =>
    give(event, (drawing) => {
      const { width, height } = drawing.viewBox.baseVal;
      void rasterised(standaloneSvg(drawing), width, height).then((content) =>
        save({ name: `${file}.png`, content }),
      );
    });
  return html`<span class="export" role="group" aria-label=${t('Save this chart')}>
    <button class="link" title=${t('Save this chart as {0}', 'SVG')} @click=${svg}>SVG</button>
    <button class="link" title=${t('Save this chart as {0}', 'PNG')} @click=${png}>PNG</button>
  </span>`;
}

/** What the page's style gives a drawing, which a file of its own has to say itself. */
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'text-anchor',
];

function standaloneSvg(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [drawing, copy].map((one) => [one, ...one.querySelectorAll('*')]) as [
    Element[],
    Element[],
  ];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const property of PROPERTIES) to[i]!.setAttribute(property, style.getPropertyValue(property));
    to[i]!.removeAttribute('class');
  });
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: groundColor() }))
    ground.setAttribute(name, value);
  copy.prepend(ground);
  return new XMLSerializer().serializeToString(copy);
}

function groundColor(): string {
  return getComputedStyle(document.body).backgroundColor;
}

/** Pixels a unit of the drawing: fit for print at its usual size. */
const SCALE = 3;

async function rasterised(drawing: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the chart cannot be drawn as PNG')))),
  );
}

import { html, nothing } from 'lit-html';
import type { TemplateResult } from 'lit-html';
import type { NoteOfPart } from '../../src/core/report/placedNotes';
import { notesOfPart } from '../../src/core/report/placedNotes';
import { partName, partsTable } from '../../src/core/report/tables/splitParts';
import type { Context } from '../context';
import { loading } from '../parts';
import type { ListedNotes } from '../state';
import { SHOWN_AT_FIRST } from '../state';
import { tableView } from '../tableView';

/** How many notes of each part of the first of some runs' split have a label, and which. */
export function partsView(context: Context, [run]: readonly number[]): TemplateResult {
  const { model, t, set } = context;
  model.needDetails();
  model.needNotes();
  if (!model.details || !model.placedNotes) return loading(context);
  const { parts, split } = model.header.runs[run!]!;
  const table = partsTable(model.header, model.details[run!]!, run!, context.labelName, context);
  // The name and the last column are of all parts.
  const list = (row: number, column: number): ListedNotes => ({
    part: parts[column - 1],
    label: table.labels[row]!,
  });
  const found = ({ part, label }: ListedNotes): NoteOfPart[] =>
    notesOfPart(model.placedNotes!, split, part, label) ?? [];
  const show = (row: number, column: number): (() => void) | undefined => {
    const listed = list(row, column);
    return found(listed).length === 0 ? undefined : () => set({ listed, shown: SHOWN_AT_FIRST });
  };
  const { listed } = context.state;
  return html`
    <div class="columns">
      <div>
        ${tableView(table, context, { file: 'parts', onCell: show, cellHint: t('List these notes') })}
        <p class="hint">
          ${t('Notes that have a label, of split {0}. What oversampling repeats is counted again.', split)}
        </p>
      </div>
      <div>${listed ? listView(listed, found(listed), run!, context) : nothing}</div>
    </div>
  `;
}

/** Notes as they are annotated now, each a way into the editor; those that the run was scored on with its marks. */
function listView(
  { part, label }: ListedNotes,
  notes: readonly NoteOfPart[],
  run: number,
  context: Context,
): TemplateResult {
  const { t, model, openNote, set, labelName } = context;
  const { id: runId } = model.header.runs[run]!;
  const open = ({ id, part: own, place }: NoteOfPart): (() => void) | undefined =>
    openNote && (() => openNote(id, place.start, place.end, own === 'test' ? runId : undefined));
  const where = part === undefined ? t('all parts') : partName(part, t);
  const table = {
    caption: t('Notes with {0} · {1}', labelName(label), where),
    columns: [
      { name: t('note'), numeric: false },
      { name: t('part'), numeric: false },
    ],
    rows: notes.map((note) => [{ text: note.id }, { text: partName(note.part, t) }]),
  };
  return html`
    <p class="filter" role="status">
      ${notes.length === 1 ? t('1 note') : t('{0} notes', notes.length)}
      <button class="link" @click=${() => set({ listed: undefined })}>${t('Hide the list')}</button>
    </p>
    ${tableView(table, context, {
      file: 'notes-of-part',
      atFirst: 25,
      cellHint: t('Open the note where it first has this label'),
      onCell: (row, column) => (column === 0 ? open(notes[row]!) : undefined),
    })}
  `;
}

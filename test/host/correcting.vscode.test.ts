import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { readCorpusFolder } from '../../src/node/corpusFolder';
import {
  NOTE,
  compared,
  find,
  line,
  onDisk,
  openWithGold,
  run,
  selectWords,
  wordsOf,
  undo,
  write,
} from './goldSupport';
import { api, closeAll, openNew, until, workspaceFile } from './support';

describe('correcting a BRAT note', () => {
  afterEach(closeAll);

  const rest = '#1\tAnnotatorNotes T1\tção\nR1\tr Arg1:T7 Arg2:T8\n';
  const febre = line(1, 'Disorders', 'febre');
  const hoje = line(2, 'Objects', 'hoje');

  it('accepts a prediction into the file, saved, and takes it back', async () => {
    const document = await openWithGold('aceita', febre + rest);
    await run('acceptEntity', document, await find(document, 'spurious', 'MMII'));
    assert.equal(await onDisk('aceita.ann'), febre + rest + line(9, 'Anatomy', 'MMII'));
    await find(document, 'correct', 'MMII');
    assert.equal(await undo(), true);
    assert.equal(await onDisk('aceita.ann'), febre + rest);
    const { correcting } = await api();
    await until('it is spurious again', () =>
      correcting.comparisons
        .of(document)!
        .differences.some((one) => one.kind === 'spurious' && wordsOf(one, document) === 'MMII'),
    );
  });

  it('undoes by the file’s own editor too', async () => {
    const document = await openWithGold('desfaz', febre);
    await run('acceptEntity', document, await find(document, 'spurious', 'MMII'));
    await vscode.window.showTextDocument(workspaceFile('desfaz.ann'));
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('workbench.action.files.save');
    assert.equal(await onDisk('desfaz.ann'), febre);
  });

  it('removes gold that is none, and does not take a rejected prediction up again', async () => {
    const { correcting, tracker } = await api();
    const document = await openWithGold('rejeita', febre + hoje);
    await run('rejectEntity', document, await find(document, 'missed', 'hoje'));
    assert.equal(await onDisk('rejeita.ann'), febre);
    await run('rejectEntity', document, await find(document, 'spurious', 'MMII'));
    assert.equal(await onDisk('rejeita.ann'), febre);
    const rejected = await find(document, 'rejected', 'MMII');
    const kept = (): string[] =>
      correcting.comparisons
        .kept(tracker.get(document.uri)!)
        .map(({ start, end }) => document.getText().slice(start, end));
    assert.ok(!kept().includes('MMII'));
    await closeAll();
    const again = await compared(
      (await vscode.window.showTextDocument(workspaceFile('rejeita.txt'))).document,
    );
    assert.equal((await find(again, 'rejected', 'MMII')).predicted?.label, rejected.predicted?.label);
    await run('restoreEntity', again, rejected);
    await find(again, 'spurious', 'MMII');
  });

  it('relabels, extends by words and to the selection, and shortens', async () => {
    const document = await openWithGold('limites', febre + hoje);
    await run('relabelEntity', document, await find(document, 'missed', 'hoje'), {
      label: 'Concepts & Ideas',
    });
    assert.equal(await onDisk('limites.ann'), febre + line(2, 'Concepts_and_Ideas', 'hoje'));
    await run('extendLeft', document, await find(document, 'missed', 'hoje'));
    assert.equal(await onDisk('limites.ann'), febre + line(2, 'Concepts_and_Ideas', '😀 hoje'));
    await run('shortenLeft', document, await find(document, 'missed', '😀 hoje'));
    await run('extendRight', document, await find(document, 'correct', 'febre'));
    assert.equal(
      await onDisk('limites.ann'),
      line(1, 'Disorders', 'febre e') + line(2, 'Concepts_and_Ideas', 'hoje'),
    );
    selectWords(document, 'com febre ');
    await run('extendToSelection', document, await find(document, 'boundary', 'febre e'));
    assert.equal(
      await onDisk('limites.ann'),
      line(1, 'Disorders', 'com febre') + line(2, 'Concepts_and_Ideas', 'hoje'),
    );
    for (let i = 0; i < 5; i++) assert.equal(await undo(), true, `undo ${i}`);
    assert.equal(await onDisk('limites.ann'), febre + hoje);
  });

  it('adds the selection, several selections as one annotation', async () => {
    const document = await openWithGold('novo', febre);
    selectWords(document, ' dispneia ');
    await vscode.commands.executeCommand('anamnese.addEntity', { label: 'Disorders' });
    assert.equal(await onDisk('novo.ann'), febre + line(2, 'Disorders', 'dispneia'));
    const editor = vscode.window.activeTextEditor!;
    editor.selections = ['hoje', 'edema'].map((words) => {
      const start = NOTE.indexOf(words);
      return new vscode.Selection(document.positionAt(start), document.positionAt(start + words.length));
    });
    await vscode.commands.executeCommand('anamnese.addEntity', { label: 'Objects' });
    assert.match(await onDisk('novo.ann'), /^T3\tObjects 21 26;52 56\tedema hoje$/m);
  });

  it('offers all of it at the light bulb', async () => {
    const document = await openWithGold('lampada', febre);
    const at = document.positionAt(NOTE.indexOf('MMII'));
    const offered = (): Thenable<vscode.CodeAction[]> =>
      vscode.commands.executeCommand(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(at, at),
      );
    const actions = await offered();
    const titles = actions.map(({ title }) => title).join('|');
    assert.match(titles, /Accept Anatomy: MMII\|Reject Anatomy: MMII\|Relabel Anatomy: MMII/);
    assert.match(
      titles,
      /Extend Anatomy by a Word to the Left: MMII\|Extend Anatomy by a Word to the Right: MMII/,
    );
    const choose = async (from: readonly vscode.CodeAction[], start: string): Promise<void> => {
      const { command } = from.find(({ title }) => title.startsWith(start))!;
      await vscode.commands.executeCommand(command!.command, ...command!.arguments!);
    };
    await choose(actions, 'Accept');
    assert.equal(await onDisk('lampada.ann'), febre + line(2, 'Anatomy', 'MMII'));
    await find(document, 'correct', 'MMII');
    await choose(await offered(), 'Extend Anatomy by a Word to the Left');
    assert.equal(await onDisk('lampada.ann'), febre + line(2, 'Anatomy', 'em MMII'));
  });

  it('keeps a byte-order mark, CRLF and NFD as they are, and counts in the note’s own file', async () => {
    const note = '\ufeffDispne\u0301ia 😀\r\nEdema em MMII.\r\n';
    const ann = '\ufeffT1\tDisorders 1 10\tDispne\u0301ia\r\n';
    const document = await openWithGold('bom', ann, note);
    selectWords(document, 'Edema');
    await vscode.commands.executeCommand('anamnese.addEntity', { label: 'Disorders' });
    const [, start, end] = /^T2\tDisorders (\d+) (\d+)\tEdema\r$/m.exec(await onDisk('bom.ann'))!;
    assert.equal([...note].slice(Number(start), Number(end)).join(''), 'Edema');
    assert.ok((await onDisk('bom.ann')).startsWith(ann));
    assert.equal(await onDisk('bom.txt'), note);
  });

  it('corrects other notes while a question about one stands', async () => {
    const alone = await compared((await openNew('sozinha.txt', NOTE)).document);
    const asked = run('acceptEntity', alone, await find(alone, 'spurious', 'MMII'));
    const document = await openWithGold('outra', febre);
    await run('acceptEntity', document, await find(document, 'spurious', 'MMII'));
    assert.equal(await onDisk('outra.ann'), febre + line(2, 'Anatomy', 'MMII'));
    await vscode.commands.executeCommand('notifications.clearAll');
    await asked;
    await assert.rejects(onDisk('sozinha.ann'), 'nobody agreed to create it');
  });

  it('leaves a file in another encoding as it is', async () => {
    const bytes = Uint8Array.from([...febre, ...'#1\tX T1\tn\u00e3o\n'].map((unit) => unit.charCodeAt(0)));
    await vscode.workspace.fs.writeFile(workspaceFile('latim.ann'), bytes);
    const { document } = await openNew('latim.txt', NOTE);
    await compared(document);
    selectWords(document, 'hoje');
    const made = await vscode.commands.executeCommand('anamnese.addEntity', { label: 'Objects' });
    assert.equal(made, false);
    const after = await vscode.workspace.fs.readFile(workspaceFile('latim.ann'));
    assert.deepEqual([...after], [...bytes]);
  });

  it('is what training reads', async () => {
    const document = await openWithGold('treino', febre);
    await run('acceptEntity', document, await find(document, 'spurious', 'MMII'));
    const { documents, problems } = await readCorpusFolder(workspaceFile('treino.ann').fsPath);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      documents[0]!.annotations.map(({ label }) => label),
      ['Disorders', 'Anatomy'],
    );
  });
});

describe('correcting a note whose annotations lie elsewhere', () => {
  afterEach(closeAll);

  it('finds a copy of it by its text, and corrects there', async () => {
    const note = `${NOTE}Copiada.\n`;
    const ann = line(1, 'Disorders', 'febre');
    await write('corpus/original.txt', note.replaceAll('\n', '\r\n'));
    await write('corpus/original.ann', ann);
    const { document } = await openNew('copia-solta.txt', note);
    await compared(document);
    await run('relabelEntity', document, await find(document, 'correct', 'febre'), { label: 'Phenomena' });
    assert.equal(await onDisk('corpus/original.ann'), ann.replace('Disorders', 'Phenomena'));
  });
});

describe('correcting a record of doccano', () => {
  afterEach(closeAll);

  const other = '{"text": "outra nota", "label": [[0, 5, "X"]], "id": 12345678901234567890}';
  const note = `${NOTE}Nota de registro.\n`;
  const own = (label: string): string =>
    `{"id": 7, "text": ${JSON.stringify(note)}, "label": ${label}, "meta": { "a" : 1 }}`;

  it('edits one record’s spans and nothing else', async () => {
    await write('registros.jsonl', `${other}\n${own('[[13, 18, "Disorders"]]')}\n${other}\n`);
    // The note's file has other line breaks, and lacks the last.
    const { document } = await openNew('registro.txt', note.trimEnd().replaceAll('\n', '\r\n'));
    await compared(document);
    await run('acceptEntity', document, await find(document, 'spurious', 'MMII'));
    const added = '[[13, 18, "Disorders"],[30,34,"Anatomy"]]';
    assert.equal(await onDisk('registros.jsonl'), `${other}\n${own(added)}\n${other}\n`);
    await run('rejectEntity', document, await find(document, 'correct', 'febre'));
    assert.equal(await onDisk('registros.jsonl'), `${other}\n${own('[[30,34,"Anatomy"]]')}\n${other}\n`);
    assert.ok((await undo()) && (await undo()));
    assert.equal(await onDisk('registros.jsonl'), `${other}\n${own('[[13, 18, "Disorders"]]')}\n${other}\n`);
  });

  it('loses nothing when the prediction process is killed', async () => {
    const { service } = await api();
    const second = `${NOTE}Segunda nota.\n`;
    const record = (label: string): string => `{"text": ${JSON.stringify(second)}, "label": ${label}}\n`;
    await write('morto.jsonl', record('[]'));
    const { document } = await openNew('morto.txt', second);
    await compared(document);
    const target = await find(document, 'spurious', 'MMII');
    process.kill(service.workerPid!, 'SIGKILL');
    await run('acceptEntity', document, target);
    assert.equal(await onDisk('morto.jsonl'), record('[[30,34,"Anatomy"]]'));
    process.kill(service.workerPid!, 'SIGKILL');
    selectWords(document, 'hoje');
    await vscode.commands.executeCommand('anamnese.addEntity', { label: 'Objects' });
    assert.equal(await onDisk('morto.jsonl'), record('[[30,34,"Anatomy"],[52,56,"Objects"]]'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), ' ');
    await vscode.workspace.applyEdit(edit);
    await until('predicted again', () => service.state.kind === 'ready');
  });
});

describe('Next Uncertain Note', () => {
  afterEach(closeAll);

  it('opens notes that nobody has annotated, each once, and passes reviewed ones over', async () => {
    await write(
      'incerta.jsonl',
      `${JSON.stringify({ text: 'Lesão? abdome? PO? tumor? alça em D?', label: [] })}\n`,
    );
    // The file system tells of new files when it likes.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const next = (): Thenable<string> => vscode.commands.executeCommand('anamnese.nextUncertainNote');
    const keys: string[] = [];
    let reviewed: string | undefined;
    let inside: vscode.TextDocument | undefined;
    for (let i = 0; i < 30 && !(inside && reviewed); i++) {
      const key = await next();
      assert.ok(!keys.includes(key), 'each once');
      keys.push(key);
      const { document } = vscode.window.activeTextEditor!;
      if (document.uri.scheme === 'anamnese-note') inside = document;
      else if (!reviewed) {
        reviewed = key;
        await vscode.commands.executeCommand('anamnese.markReviewed');
      }
    }
    const later: string[] = [];
    while (later.length < 20 && new Set(later).size === later.length) later.push(await next());
    assert.ok(later.length < 20 && !later.includes(reviewed!), 'they come again, the reviewed one does not');
    assert.ok(inside, 'the record of the corpus file was opened');
    assert.match(inside.getText(), /^Lesão/);
    await vscode.window.showTextDocument(inside);
    await compared(inside);
    selectWords(inside, 'tumor');
    await vscode.commands.executeCommand('anamnese.addEntity', { label: 'Disorders' });
    assert.match(await onDisk('incerta.jsonl'), /"label":\[\[\d+,\d+,"Disorders"\]\]/);
  });
});

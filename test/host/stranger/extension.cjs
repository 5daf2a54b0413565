// Another extension than Anamnese, with stores of its own. Suites say which chat models it has, and what they answer.
const vscode = require('vscode');

/** @type {import('./stranger').Stranger} */
const stranger = {
  secrets: undefined,
  workspaceState: undefined,
  models: [],
  seen: [],
  answer: async () => '',
  tokens: (text) => Math.ceil(text.length / 4),
};

exports.activate = ({ secrets, workspaceState, subscriptions }) => {
  Object.assign(stranger, { secrets, workspaceState });
  const changed = new vscode.EventEmitter();
  stranger.changed = () => changed.fire();
  const provider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: () => stranger.models.map(informationOn),
    provideTokenCount: async (_model, text) =>
      stranger.tokens(typeof text === 'string' ? text : wordsOf(text)),
    provideLanguageModelChatResponse: async (model, messages, _options, progress, token) => {
      const asked = { model: model.id, messages: messages.map(wordsOf), token };
      stranger.seen.push(asked);
      const answer = await stranger.answer(asked);
      // In pieces, as models speak.
      for (const piece of answer.match(/[^]{1,16}/g) ?? [])
        progress.report(new vscode.LanguageModelTextPart(piece));
    },
  };
  subscriptions.push(vscode.lm.registerLanguageModelChatProvider('anamnese-test', provider), changed);
  return stranger;
};

function informationOn({ id, family }) {
  const capabilities = { toolCalling: false };
  return {
    id,
    name: `Stranger ${id}`,
    family,
    version: '1',
    maxInputTokens: 8000,
    maxOutputTokens: 4000,
    capabilities,
  };
}

function wordsOf({ content }) {
  return content.map(({ value }) => value).join('');
}

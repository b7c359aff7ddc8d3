/** The editor of statements: CodeMirror, with the place of an error marked. */
import { linter, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'preact/hooks';
import type { Catalog, StatementProblem } from '../../wire';
import { redshiftLanguage } from './dialect';
import { editorTheme } from './theme';

/** A text to begin with. Each is an object of its own, so that the same text can be asked for again. */
export interface Draft {
  readonly text: string;
}

export interface EditorProps {
  /** What it starts with; another draft replaces what was written. */
  readonly draft: Draft;
  readonly catalog: Catalog | undefined;
  readonly problem: StatementProblem | undefined;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

const language = new Compartment();

export function Editor({ draft, catalog, problem, onChange, onRun }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };

  useEffect(() => {
    const host = place.current;
    if (host === null) return;
    const runIt = () => {
      latest.current.onRun();
      return true;
    };
    // In a shadow tree the editor adopts its style sheets; elsewhere it adds <style>, which the page's policy forbids.
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    const created = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: draft.text,
        extensions: [
          Prec.highest(keymap.of([{ key: 'Mod-Enter', preventDefault: true, run: runIt }])),
          basicSetup,
          lintGutter(),
          linter(null),
          editorTheme,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL statement' }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) latest.current.onChange(state.doc.toString());
          }),
          language.of(redshiftLanguage(catalog)),
        ],
      }),
    });
    view.current = created;
    return () => created.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({ effects: language.reconfigure(redshiftLanguage(catalog)) });
  }, [catalog]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() === draft.text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: draft.text } });
  }, [draft]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const length = editor.state.doc.length;
    const { message, from, to } = problem ?? {};
    const found =
      message === undefined || from === undefined || to === undefined || to > length
        ? []
        : [{ from, to, severity: 'error' as const, message }];
    editor.dispatch(setDiagnostics(editor.state, found));
    if (found[0]) editor.dispatch({ selection: { anchor: found[0].from }, scrollIntoView: true });
  }, [problem]);

  return <div ref={place} class="editor" />;
}

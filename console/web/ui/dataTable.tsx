/** A result as a table. Cells are text, whatever they hold. */
import type { ComponentChildren } from 'preact';
import type { Cell, CellKind } from '../../wire';
import { cellText } from './format';

/** A column of a table. */
export interface TableColumn {
  readonly title: string;
  readonly kind: CellKind;
  /** @default the cell's text */
  readonly show?: (value: Cell) => ComponentChildren;
}

export interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Number of the first row, shown before each row; undefined shows none. */
  readonly firstNumber?: number;
}

export function DataTable({ caption, columns, rows, firstNumber }: DataTableProps) {
  return (
    // A region that scrolls has to be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section class="table-scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {firstNumber !== undefined && (
              <th scope="col" class="row-number">
                #
              </th>
            )}
            {columns.map(({ title, kind }, index) => (
              <th key={index} scope="col" class={kind}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              {firstNumber !== undefined && <td class="row-number">{firstNumber + rowIndex}</td>}
              {columns.map(({ kind, show }, index) => {
                const value = row[index] ?? null;
                const isNull = value === null;
                return (
                  <td key={index} class={`${kind}${isNull ? ' null' : ''}`}>
                    {show ? show(value) : isNull ? 'NULL' : cellText(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

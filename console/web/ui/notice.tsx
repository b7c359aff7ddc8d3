/** Says that something is empty, on its way, or wrong. */
import type { ComponentChildren } from 'preact';

export interface NoticeProps {
  readonly kind: 'empty' | 'loading' | 'problem';
  readonly children: ComponentChildren;
}

export function Notice({ kind, children }: NoticeProps) {
  return (
    <div class={`notice ${kind}`} role={kind === 'problem' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

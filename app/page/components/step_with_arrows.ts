/// <reference lib="dom" />
/** Arrow keys, Home and End move the focus among the buttons of a group. */
export function stepWithArrows(event: KeyboardEvent, group: HTMLElement): void {
  const buttons = [...group.querySelectorAll<HTMLElement>("button")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const next = buttons[steps[event.key]];
  if (at < 0 || steps[event.key] === undefined) return;
  event.preventDefault();
  next?.focus();
}

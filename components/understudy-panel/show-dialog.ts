/**
 * Opens or closes the window: modal on phones, where nothing else can be seen; beside the page otherwise.
 *
 * @param focused - What had the focus inside before; it gets it back.
 */
export function showDialog(
  dialog: HTMLDialogElement,
  wants: { readonly isOpen: boolean; readonly isModal: boolean },
  focused: Element | null | undefined,
): void {
  const isModal = dialog.matches(':modal');
  const wantsModal = wants.isOpen && wants.isModal;
  if (dialog.open && (!wants.isOpen || isModal !== wantsModal)) dialog.close();
  if (!wants.isOpen || dialog.open) return;
  if (wantsModal) dialog.showModal();
  // `show()` would move the focus also when the page opens the window by itself.
  else dialog.open = true;
  if (focused instanceof HTMLElement) focused.focus();
}

/** An event of the element: bubbles and leaves shadow roots. */
export class UnderstudyEvent extends Event {
  constructor(type: string, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
  }
}

import { UnderstudyAbout } from '../understudy-about/understudy-about.ts';
import { UnderstudyComposer } from '../understudy-composer/understudy-composer.ts';
import { UnderstudyForm } from '../understudy-form/understudy-form.ts';
import { UnderstudyLeaveMessage } from '../understudy-leave-message/understudy-leave-message.ts';
import { UnderstudyPassage } from '../understudy-passage/understudy-passage.ts';
import { UnderstudyTurn } from '../understudy-turn/understudy-turn.ts';
import { UnderstudyPanel } from './understudy-panel.ts';

const ELEMENTS: readonly (readonly [string, CustomElementConstructor])[] = [
  ['understudy-about', UnderstudyAbout],
  ['understudy-composer', UnderstudyComposer],
  ['understudy-form', UnderstudyForm],
  ['understudy-leave-message', UnderstudyLeaveMessage],
  ['understudy-passage', UnderstudyPassage],
  ['understudy-turn', UnderstudyTurn],
  ['understudy-panel', UnderstudyPanel],
];

/** Defines the panel and its parts, once; what another copy of the script has defined stays. */
export function definePanel(): void {
  for (const [name, element] of ELEMENTS)
    if (customElements.get(name) === undefined) customElements.define(name, element);
}

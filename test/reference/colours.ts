import type { Contact, ReferenceBody } from './world.ts'

/**
 * Sorts contacts into colours: within one colour no dynamic body appears twice, so that the kernel may solve a colour
 * in parallel and still get what one thread gets. Greedy: each contact, in pair order, takes the first colour that is
 * free for both its bodies. Bodies that impulses do not move may appear any number of times.
 */
export function colourContacts(contacts: Contact[]): Contact[][] {
  const colours: Contact[][] = []
  const taken = new Map<ReferenceBody, Set<number>>()
  for (const contact of contacts) {
    const busy = [contact.a, contact.b].filter((body) => body.kind === 'dynamic').map((body) => coloursOf(taken, body))
    let colour = 0
    while (busy.some((used) => used.has(colour))) colour++
    for (const used of busy) used.add(colour)
    colours[colour] ??= []
    colours[colour].push(contact)
  }
  return colours
}

function coloursOf(taken: Map<ReferenceBody, Set<number>>, body: ReferenceBody): Set<number> {
  const used = taken.get(body) ?? new Set<number>()
  taken.set(body, used)
  return used
}

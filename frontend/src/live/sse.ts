/** One event of a stream, as https://html.spec.whatwg.org/multipage/server-sent-events.html reads it. */
export interface StreamEvent {
  id: string | undefined
  type: string
  data: string
}

/** Takes the text of a stream piece by piece and gives the events that are complete. */
export function createParser(): (chunk: string) => StreamEvent[] {
  let rest = ''
  let event: StreamEvent = blank()

  return (chunk) => {
    const lines = (rest + chunk).split(/\r\n|\n/)
    rest = lines.pop() ?? ''
    const events: StreamEvent[] = []
    for (const line of lines) {
      if (line === '') {
        if (event.data || event.id !== undefined) events.push(event)
        event = blank()
      } else {
        read(line, event)
      }
    }
    return events
  }
}

function read(line: string, event: StreamEvent): void {
  const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
  if (field === 'id') event.id = value
  else if (field === 'event') event.type = value
  else if (field === 'data') event.data += (event.data && '\n') + value
}

function blank(): StreamEvent {
  return { id: undefined, type: 'message', data: '' }
}

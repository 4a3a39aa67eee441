// Everything behind the button; loaded when it is pressed, or when a conversation goes on.
import type { Boot } from './boot'
import { command } from './commands'
import { Screen } from './view/screen'
import { Widget } from './widget'

export async function start(boot: Boot): Promise<void> {
  const widget = await Widget.start(boot)
  widget.screen = new Screen(widget)
  boot.listen((call) => command(widget, call))
  boot.launcher.addEventListener('click', () => (widget.isOpen ? widget.close() : widget.open()))
  // Only who has touched the widget hears its bell.
  for (const touch of ['pointerdown', 'keydown']) boot.wrap.addEventListener(touch, widget.touched)
  widget.events.emit('ready', {})
  void widget.lookAround()
  await widget.resume()
}

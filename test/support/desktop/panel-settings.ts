import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Pixels, at the screen's lower edge. */
export const PANEL_HEIGHT = 32;
/** What lies behind the tray's icons: red, green, blue of 255. */
export const PANEL_COLOUR = [51, 51, 51] as const;

/** A panel over the whole width: the open windows, and a tray for XEmbed and StatusNotifierItem. */
const PANEL = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="${PANEL_HEIGHT}"/>
      <property name="background-style" type="uint" value="1"/>
      <property name="background-rgba" type="array">
        ${[...PANEL_COLOUR.map((value) => value / 255), 1].map((value) => `<value type="double" value="${value}"/>`).join('')}
      </property>
      <property name="plugin-ids" type="array"><value type="int" value="1"/><value type="int" value="2"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="systray"/>
  </property>
</channel>
`;

/** A click does what the notice offers. Each notice is also written down, one line each. */
const noticeDaemon = (script: string): string => `[global]
    mouse_left_click = do_action, close_current
    font = DejaVu Sans 12
    width = 400
    show_indicators = no
[told]
    summary = *
    script = ${script}
`;

/** dunst calls it with program, title, text, icon and urgency. */
const tellScript = (file: string): string => `#!/bin/sh
printf '%s\\t%s\\n' "$2" "$(printf %s "$3" | tr '\\n\\t' '  ')" >> '${file}'
`;

/** Writes the settings of panel and notice daemon into a home folder (`XDG_CONFIG_HOME` is `config` in it). */
export async function writeDesktopSettings(home: string, noticesFile: string): Promise<void> {
  const channel = join(home, 'config/xfce4/xfconf/xfce-perchannel-xml');
  await mkdir(channel, { recursive: true });
  await writeFile(join(channel, 'xfce4-panel.xml'), PANEL);
  await mkdir(join(home, 'config/dunst'));
  const script = join(home, 'tell-notice');
  await writeFile(script, tellScript(noticesFile), { mode: 0o755 });
  await writeFile(join(home, 'config/dunst/dunstrc'), noticeDaemon(script));
}

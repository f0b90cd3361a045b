declare const __PMOS_UI_VERSION__: string;

declare global {
  interface ImportMetaEnv {
    readonly VITE_API_URL?: string;
  }
}

declare module "react" {
  // Of `input`; every browser has it, React's types do not.
  interface InputHTMLAttributes<T> extends HTMLAttributes<T> {
    webkitdirectory?: string;
  }
}

export {};

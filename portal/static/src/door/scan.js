// Reads codes from the camera while the dialog is open. The number under the code can be typed as well.
import jsQR from "jsqr";
import { say } from "./lists.js";

const PAUSE = 150; // milliseconds between two looks
const WIDTH = 640;
const AGAIN = 3000; // the same code counts once in this time

const picture = (video, canvas) => {
  const scale = Math.min(1, WIDTH / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
};

export const readCode = ({ data, width, height }) => jsQR(data, width, height, { inversionAttempts: "dontInvert" })?.data ?? "";

export const startCamera = async (dialog, found) => {
  const video = dialog.querySelector("video"), said = dialog.querySelector("[role=status]");
  said.textContent = "";
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    said.textContent = say("noCamera");
    dialog.querySelector("input[name=code]").focus();
    return;
  }
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  const canvas = document.createElement("canvas"), last = { code: "", at: 0 };
  const timer = setInterval(() => {
    if (!video.videoWidth) return;
    const code = readCode(picture(video, canvas));
    if (!code || (code === last.code && Date.now() - last.at < AGAIN)) return;
    Object.assign(last, { code, at: Date.now() });
    found(code);
  }, PAUSE);
  const stop = () => {
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    Object.assign(video, { srcObject: null, hidden: true });
  };
  dialog.addEventListener("close", stop, { once: true });
  if (!dialog.open) stop(); // it was closed while the camera was asked for
};

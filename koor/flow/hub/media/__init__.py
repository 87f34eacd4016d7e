"""Pictures from outside become clean files of known sizes: sniffed, decoded in a closed child process, turned
upright, converted to sRGB, without any metadata. No Django; `renditions.make` is the door, `worker` the child."""

"""Runs a program of this Python until standard input ends, so that it never outlives whoever started it.

usage: serve.py PROGRAM [ARGUMENT ...]
"""
import os
import runpy
import sys
import threading


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')

//! A sign of life on stderr when a step takes longer than a second and somebody watches.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::terminal::Terminal;

const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// Shows the current step until it is dropped.
pub struct Progress {
    steps: Option<Sender<&'static str>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins to count the time; shows nothing when nobody watches.
    pub fn start(terminal: &Terminal, step: &'static str) -> Self {
        if !terminal.is_watched() {
            return Progress { steps: None, thread: None };
        }
        let (steps, next) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let begin = Instant::now();
            let mut step = step;
            loop {
                match next.recv_timeout(PATIENCE.saturating_sub(begin.elapsed())) {
                    Ok(later) => step = later,
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => break,
                }
            }
            let spinner = ProgressBar::new_spinner().with_message(step);
            spinner.enable_steady_tick(TICK);
            while let Ok(later) = next.recv() {
                spinner.set_message(later);
            }
            spinner.finish_and_clear();
        });
        Progress { steps: Some(steps), thread: Some(thread) }
    }

    /// Says what is being done now.
    pub fn step(&self, step: &'static str) {
        if let Some(steps) = &self.steps {
            // The thread only ends before this does when it has been told to.
            let _ = steps.send(step);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.steps = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

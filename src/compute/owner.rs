//! Who owns the device, and how it is chosen: wish, adapter, self-test.

use std::ops::ControlFlow;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use burn::tensor::Device;

use super::parity::Probe;
use super::{ComputeError, Stage, Status, Wish, cpu_name, gpu};

/// Losses after which a GPU is not opened again.
const LOSSES: u32 = 2;

/// Hears what is being prepared, for people; may stop it between two steps.
pub type Told<'a> = &'a dyn Fn(&str) -> ControlFlow<()>;

/// A GPU that was opened.
pub(super) struct Opened {
    pub device: Device,
    pub name: String,
    /// Whether the device still answers; if not, why.
    pub pulse: Box<dyn Fn() -> Result<(), String> + Send>,
}

/// Why there is no GPU.
#[derive(Debug)]
pub(super) enum Missing {
    /// There is none: the usual case, nothing to tell.
    Absent(String),
    /// There is one, and something is wrong with it.
    Faulty(String),
}

/// Opens the best GPU; after a loss, anew.
pub(super) type Opener = Box<dyn FnMut() -> Result<Opened, Missing> + Send>;

/// What the choice ended with.
pub(super) enum Place {
    Undecided,
    Gpu(Opened),
    Cpu,
}

/// What whoever has the turn may touch.
pub(super) struct Owner {
    pub place: Place,
    wish: Wish,
    opener: Opener,
    /// What a GPU has to compute as the CPU does.
    probes: Vec<Probe>,
    /// How many of them the GPU has passed.
    passed: usize,
    losses: u32,
}

/// The device that networks run on. One for the whole program: [`Compute::shared`].
///
/// Jobs on a GPU run one at a time; on the CPU they do not wait for each other.
pub struct Compute {
    owner: Mutex<Owner>,
    status: Mutex<Status>,
}

impl Compute {
    /// Nothing is opened before it is needed.
    pub fn new(wish: Wish) -> Self {
        Self::with_opener(wish, gpu::opener())
    }

    pub(super) fn with_opener(wish: Wish, opener: Opener) -> Self {
        let probes = vec![Probe::long_means()];
        let owner = Owner { place: Place::Undecided, wish, opener, probes, passed: 0, losses: 0 };
        Self { owner: Mutex::new(owner), status: Mutex::new(Status::new(wish)) }
    }

    /// The one of this program; it begins with [`Wish::Auto`].
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Compute> = LazyLock::new(|| Compute::new(Wish::Auto));
        &SHARED
    }

    /// Changes what is wished for; the device is chosen anew at next need. Waits for the job that has the GPU.
    pub fn set_wish(&self, wish: Wish) {
        let mut owner = self.owner();
        if owner.wish == wish {
            return;
        }
        owner.wish = wish;
        owner.losses = 0;
        owner.forget();
        let mut status = self.status_mut();
        *status = Status { generation: status.generation + 1, ..Status::new(wish) };
    }

    /// What is known of the device. Never waits for it.
    pub fn status(&self) -> Status {
        self.status_mut().clone()
    }

    /// Chooses the device, if that was not yet done: opens a GPU where one is wished for and there, and compares it
    /// with the CPU by long means and by every probe that was ever handed in under another name. The first time on a
    /// machine this compiles and tunes, which may take minutes: call it from a worker. A GPU that disagrees is left
    /// alone, and [`Status::fallback`] says why.
    pub fn prepare(&self, probes: Vec<Probe>, told: Told) -> Result<Status, ComputeError> {
        let mut owner = self.owner();
        for probe in probes {
            if owner.probes.iter().all(|known| known.name() != probe.name()) {
                owner.probes.push(probe);
            }
        }
        self.decide(&mut owner, told)?;
        Ok(self.status())
    }

    pub(super) fn owner(&self) -> MutexGuard<'_, Owner> {
        self.owner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn status_mut(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// [`Compute::prepare`], for whoever has the turn.
    pub(super) fn decide(&self, owner: &mut Owner, told: Told) -> Result<(), ComputeError> {
        let began = Instant::now();
        let tried = match &owner.place {
            Place::Cpu => return Ok(()),
            Place::Gpu(_) if owner.passed == owner.probes.len() => return Ok(()),
            Place::Gpu(_) => self.test(owner, told),
            Place::Undecided if owner.wish == Wish::Cpu => {
                self.settle_on_cpu(owner, None);
                return Ok(());
            }
            Place::Undecided => self.open(owner, told).and_then(|()| self.test(owner, told)),
        };
        // Work that began on a GPU goes on, whatever was asked for.
        let first = owner.losses == 0 && !self.status().gpu;
        match tried {
            Ok(()) => self.settle_on_gpu(owner, began.elapsed()),
            Err(No::Stopped) => {
                self.status_mut().stage = Stage::Undecided;
                return Err(ComputeError::Stopped);
            }
            Err(No::Gpu(Missing::Absent(why) | Missing::Faulty(why))) if first && owner.wish == Wish::Gpu => {
                owner.forget();
                self.status_mut().stage = Stage::Undecided;
                return Err(ComputeError::NoGpu(why));
            }
            Err(No::Gpu(Missing::Absent(_))) if first => self.settle_on_cpu(owner, None),
            Err(No::Gpu(Missing::Absent(why) | Missing::Faulty(why))) => {
                self.settle_on_cpu(owner, Some(format!("{why}; networks run on the CPU")));
            }
        }
        Ok(())
    }

    fn open(&self, owner: &mut Owner, told: Told) -> Result<(), No> {
        self.tell(told, "looking for a GPU")?;
        owner.place = Place::Gpu((owner.opener)().map_err(No::Gpu)?);
        owner.passed = 0;
        Ok(())
    }

    fn test(&self, owner: &mut Owner, told: Told) -> Result<(), No> {
        let Place::Gpu(opened) = &owner.place else { return Ok(()) };
        let (name, cpu, parts) = (&opened.name, Device::flex(), owner.probes.len());
        while let Some(probe) = owner.probes.get(owner.passed) {
            let part = owner.passed + 1;
            self.tell(told, &format!("preparing {name}: {}, {part} of {parts}", probe.name()))?;
            if let Some(how) = probe.disagreement(&opened.device, &cpu) {
                return Err(No::Gpu(Missing::Faulty(format!("{name} is not used: {how}"))));
            }
            owner.passed += 1;
        }
        Ok(())
    }

    fn tell(&self, told: Told, what: &str) -> Result<(), No> {
        self.status_mut().stage = Stage::Preparing(what.to_owned());
        if told(what).is_break() { Err(No::Stopped) } else { Ok(()) }
    }

    fn settle_on_gpu(&self, owner: &Owner, took: Duration) {
        let Place::Gpu(opened) = &owner.place else { return };
        let mut status = self.status_mut();
        status.generation += u64::from(!status.gpu);
        status.name.clone_from(&opened.name);
        status.gpu = true;
        status.fallback = None;
        status.warm_up = Some(status.warm_up.unwrap_or_default() + took);
        status.stage = Stage::Ready;
    }

    fn settle_on_cpu(&self, owner: &mut Owner, fallback: Option<String>) {
        owner.forget();
        owner.place = Place::Cpu;
        let mut status = self.status_mut();
        status.generation += u64::from(status.gpu);
        status.name = cpu_name();
        status.gpu = false;
        status.fallback = fallback;
        status.warm_up = None;
        status.stage = Stage::Ready;
    }

    /// A job failed on the GPU. Where the GPU is lost, it is opened anew at next need, but not for ever.
    pub(super) fn examine(&self, owner: &mut Owner) {
        let Place::Gpu(opened) = &owner.place else { return };
        let Err(why) = (opened.pulse)() else { return };
        let lost = format!("{} was lost ({why})", opened.name);
        owner.losses += 1;
        if owner.losses >= LOSSES {
            self.settle_on_cpu(
                owner,
                Some(format!("{lost}, not for the first time; networks run on the CPU")),
            );
        } else {
            self.settle_on_cpu(owner, Some(format!("{lost}; it is opened again at next need")));
            owner.place = Place::Undecided;
            self.status_mut().stage = Stage::Undecided;
        }
    }
}

impl std::fmt::Debug for Compute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compute").field("status", &self.status()).finish_non_exhaustive()
    }
}

impl Owner {
    /// Lets go of the device.
    fn forget(&mut self) {
        self.place = Place::Undecided;
        self.passed = 0;
    }
}

/// Why no GPU was taken.
enum No {
    Stopped,
    Gpu(Missing),
}

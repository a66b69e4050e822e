//! Backgrounds: the four families of the mixture-network papers ([`Background`]) and smooth random ones
//! ([`Smooth`]), which look like fluorescence.

mod families;
mod smooth;

pub use families::{Background, Family};
pub use smooth::{Shape, Smooth, smooth};

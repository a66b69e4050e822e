//! The small dense linear algebra that the solvers stand on.

mod cholesky;
mod product;
mod tridiagonal;

pub(super) use cholesky::Cholesky;
pub(super) use product::{
    LANES, dot_any, dot_wide, products, products_of, rows_by_columns, rows_by_rows_f32, rows_by_rows_f64,
};
pub(super) use tridiagonal::Tridiagonal;

// gemm: products of dense matrices, at close to what the processor can do.
#pragma once

#include <kvt/core/instruction_set.hpp>
#include <kvt/core/line_allocator.hpp>

#include <cstddef>
#include <cstdint>

namespace kvt::inline KVT_ABI::numeric {

/// Where element (i, j) of a matrix lies: at `[i * stride + j]` or at `[j * stride + i]`; the latter is how a matrix reads
/// that is stored as its transpose.
enum class layout : std::uint8_t { by_row, by_column };

/// A matrix somewhere in memory; its sizes come from the product it takes part in.
template <class Real> struct operand {
    Real const* data;
    std::size_t stride;
    layout order = layout::by_row;
};

/// c = alpha a b + beta c with a [rows x inner], b [inner x columns] and c [rows x columns] by rows. With beta = 0, what
/// lay in c does not matter. c must not overlap a or b.
///
/// Every element is summed in ascending order of the inner index, in parts that depend on its length alone, so its bits do not
/// depend on the numbers of rows and columns: any split of a product into rows or columns gives the same. They do depend on the
/// instruction set (portable code has no fused multiply-add).
template <class Real> struct product {
    std::size_t rows, columns, inner;
    Real alpha = 1;
    operand<Real> a, b;
    Real beta = 0;
    Real* c;
    std::size_t c_stride;
};

/// A right operand laid out as the kernels read it: panels of `width` columns, each [inner][width], the last filled up
/// with zeros. Worth keeping where several products share it.
template <class Real> class packed_operand {
  public:
    static constexpr std::size_t width = 128 / sizeof(Real);

    packed_operand() = default;
    packed_operand(operand<Real> b, std::size_t inner, std::size_t columns,
                   instruction_set set = best_instruction_set()) {
        pack(b, inner, columns, set);
    }
    /// Replaces what was packed before; keeps the memory.
    void pack(operand<Real> b, std::size_t inner, std::size_t columns, instruction_set set = best_instruction_set());

    [[nodiscard]] std::size_t inner() const { return inner_; }
    [[nodiscard]] std::size_t columns() const { return columns_; }
    [[nodiscard]] Real const* data() const { return data_.data(); }

  private:
    std::size_t inner_ = 0, columns_ = 0;
    line_vector<Real> data_;
};

/// Computes the product. Throws `error{usage}` where this processor lacks the instruction set.
void gemm(product<float> const& p, instruction_set set = best_instruction_set());
void gemm(product<double> const& p, instruction_set set = best_instruction_set());

/// The same with its first `p.inner` rows and `p.columns` columns of `b` (`p.b` is not read). Throws `error{usage}` where
/// `b` has fewer.
void gemm(product<float> const& p, packed_operand<float> const& b, instruction_set set = best_instruction_set());
void gemm(product<double> const& p, packed_operand<double> const& b, instruction_set set = best_instruction_set());

}  // namespace kvt::inline KVT_ABI::numeric

#if !defined(KVT_SEPARATE_COMPILATION)
#include <kvt/numeric/detail/gemm.ipp>
#endif

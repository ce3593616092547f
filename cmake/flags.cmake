# SPDX-License-Identifier: MIT
# What everything is compiled with. File names are recorded relative to the source tree, since
# every step of a run is told by file and line. No frame pointers but for the sanitizers: a register
# more is saved on the stacks of fibers, and what is dead in it would tell equal states apart.
add_library(mmref_flags INTERFACE)
target_compile_options(mmref_flags INTERFACE
	-Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes -Wvla
	$<$<BOOL:${MMREF_WERROR}>:-Werror>
	-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=
	-ftls-model=initial-exec)
target_compile_definitions(mmref_flags INTERFACE _GNU_SOURCE MMREF_INSIDE)
target_include_directories(mmref_flags INTERFACE
	${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/lib ${PROJECT_SOURCE_DIR}/sim)

# mmref conform names every function on a stack of the model, inlined ones too. libdw finds them
# in the debug information, and needs the index that clang leaves out.
target_compile_options(mmref_flags INTERFACE
	$<$<CONFIG:Release>:-g1> $<$<C_COMPILER_ID:Clang>:-gdwarf-aranges>)

# Link-time optimization is left out of mmref, whatever flags the user builds with: the static library
# is one object whose hidden names are local, and objcopy cannot make them so in compiler bytecode.
set(CMAKE_INTERPROCEDURAL_OPTIMIZATION OFF)
target_compile_options(mmref_flags INTERFACE -fno-lto)

# A function bound at its first call leaves traces on the stack of the fiber that made it.
target_link_options(mmref_flags INTERFACE -Wl,-z,now)

# Stacks of fibers are copied and their shadow is not, hence no redzones on the stack.
if(MMREF_ASAN)
	target_compile_options(mmref_flags INTERFACE -fno-omit-frame-pointer -fsanitize=address,undefined
		-fno-sanitize-recover=undefined)
	if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
		target_compile_options(mmref_flags INTERFACE "SHELL:-mllvm -asan-stack=0")
	else()
		target_compile_options(mmref_flags INTERFACE "SHELL:--param asan-stack=0")
	endif()
	target_compile_definitions(mmref_flags INTERFACE MMREF_ASAN)
	target_link_options(mmref_flags INTERFACE -fsanitize=address,undefined)
endif()
if(MMREF_FUZZ)
	target_compile_options(mmref_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(MMREF_TSAN)
	target_compile_options(mmref_flags INTERFACE -fno-omit-frame-pointer -fsanitize=thread)
	target_link_options(mmref_flags INTERFACE -fsanitize=thread)
endif()
if(MMREF_COVERAGE)
	target_compile_options(mmref_flags INTERFACE --coverage -fprofile-update=atomic)
	target_link_options(mmref_flags INTERFACE --coverage)
endif()

# The compiler's flags: one interface library that every target of ours takes.

include(CheckCCompilerFlag)
include(CheckLinkerFlag)

add_library(flags INTERFACE)
target_compile_definitions(flags INTERFACE _POSIX_C_SOURCE=200809L
	OPSLORE_VERSION="${PROJECT_VERSION}")
target_include_directories(flags INTERFACE ${PROJECT_SOURCE_DIR})
# Scores must not depend on what the compiler fuses: see docs/index-format.md.
target_compile_options(flags INTERFACE -Wall -Wextra -Wshadow -Wconversion
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wundef
	-Wimplicit-fallthrough -ffp-contract=off -fno-strict-aliasing
	-include ${PROJECT_SOURCE_DIR}/base/banned.h)
if(OPSLORE_WERROR)
	target_compile_options(flags INTERFACE -Werror)
endif()
if(OPSLORE_SANITIZE)
	target_compile_options(flags INTERFACE -fsanitize=${OPSLORE_SANITIZE}
		-fno-sanitize-recover=all -fno-omit-frame-pointer)
	target_link_options(flags INTERFACE -fsanitize=${OPSLORE_SANITIZE})
endif()

if(OPSLORE_HARDEN)
	foreach(flag -U_FORTIFY_SOURCE -fstack-clash-protection
			-fstack-protector-strong -fcf-protection=full
			-ftrivial-auto-var-init=zero
			-fno-delete-null-pointer-checks -fno-strict-overflow
			-Wtrampolines -Wbidi-chars=any -Werror=format-security
			-Werror=implicit -Werror=incompatible-pointer-types
			-Werror=int-conversion -fPIE)
		string(MAKE_C_IDENTIFIER "has${flag}" has)
		check_c_compiler_flag("-Wformat ${flag}" ${has})
		if(${has})
			target_compile_options(flags INTERFACE ${flag})
		endif()
	endforeach()
	target_compile_definitions(flags INTERFACE
		$<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)
	set(CMAKE_POSITION_INDEPENDENT_CODE ON)
	foreach(flag -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
			-Wl,--as-needed -Wl,--no-copy-dt-needed-entries)
		string(MAKE_C_IDENTIFIER "links${flag}" has)
		check_linker_flag(C ${flag} ${has})
		if(${has})
			target_link_options(flags INTERFACE ${flag})
		endif()
	endforeach()
endif()
